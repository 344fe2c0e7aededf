import { cp, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { digestFile } from './download.ts';
import { modelOfImage } from './image-layer.ts';
import { modelFolder, writeLock } from './model-cache.ts';
import { MODEL_FILES } from './model-folder.ts';
import { demoModel, resolveModel } from './registry.ts';

/** A layer that holds some other model, pulled and locked. */
async function layerWith(name: string) {
  const layer = await mkdtemp(join(tmpdir(), 'semblance-layer-'));
  onTestFinished(() => rm(layer, { recursive: true, force: true }));
  const folder = modelFolder(resolveModel(name), layer);
  await cp(demoModel().folder, folder, { recursive: true });
  const files = await Promise.all(
    MODEL_FILES.map(async path => [path, await digestFile(join(folder, path))]),
  );
  await writeLock(folder, { name, files: Object.fromEntries(files) });
  return { layer, folder };
}

test('the demo model is where a checkout and the image have it', async () => {
  expect(await modelOfImage('demo')).toEqual(demoModel());
});

test('a pulled model is found in the layer', async () => {
  const { layer, folder } = await layerWith('someone/clip@main');
  expect(await modelOfImage('someone/clip@main', layer)).toMatchObject({ folder, demo: false });
});

test('a model that is not in the layer is named, and no other is taken instead', async () => {
  const { layer } = await layerWith('someone/clip@main');
  await expect(modelOfImage('clip-vit-base-patch32', layer)).rejects.toMatchObject({
    code: 'model_missing',
    message: expect.stringContaining('build:lambda -- --model clip-vit-base-patch32'),
  });
});

test('a truncated file is noticed before it is loaded', async () => {
  const { layer, folder } = await layerWith('someone/clip@main');
  await truncate(join(folder, 'onnx/text_model_quantized.onnx'), 1000);
  await expect(modelOfImage('someone/clip@main', layer)).rejects.toMatchObject({ code: 'model_missing' });
});
