import { join } from 'node:path';
import { SemblanceError } from '../errors.ts';
import { sizeOf } from './download.ts';
import { locateModel } from './model-cache.ts';
import type { LocatedModel } from './model-folder.ts';
import { resolveModel } from './registry.ts';

/** Where models lie in the Lambda image, as in a checkout: two folders above whatever runs. */
export const IMAGE_MODELS = join(import.meta.dirname, '../../models');

/**
 * A function's model, from the image's own layer. `npm run build:lambda` verified its hashes; here the sizes
 * are looked at, which takes no time. The cloud never falls back to another model.
 * @param name SEMBLANCE_MODEL
 * @throws unknown_model, model_missing, model_corrupt
 */
export async function modelOfImage(name: string | undefined, folder = IMAGE_MODELS): Promise<LocatedModel> {
  const row = resolveModel(name);
  const model = await locateModel(row, folder);
  if (!model) {
    const fix = `build it with \`npm run build:lambda -- --model ${row.name}\``;
    throw new SemblanceError('model_missing', `${row.name} is not, or not whole, in this image: ${fix}`);
  }
  for (const { path, bytes } of row.files) {
    const found = await sizeOf(join(model.folder, path));
    if (found === (bytes ?? found)) continue;
    throw new SemblanceError('model_corrupt', `${path} of ${row.name} has ${found} bytes, not ${bytes}`);
  }
  return model;
}
