import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { LocatedModel } from '../../shared/models/model-folder.ts';

const ARCHIVE = join(import.meta.dirname, 'clip-vit-b32-shape.tar.gz');
/** Ignored by git; emptied by whoever deletes node_modules. */
const FOLDER = join(import.meta.dirname, '../../node_modules/.cache/semblance/clip-vit-b32-shape');

/**
 * Folder of a model with CLIP ViT-B/32's exact graphs (int8, vision 88.6 MB, text 64.0 MB), meaningless
 * weights and the real tokenizer: it costs what the real one costs and finds nothing. Unpacked on first use
 * (about 150 MB), whole or not at all.
 */
export async function shapeModelFolder(): Promise<string> {
  const unpacked = await stat(FOLDER).catch(() => undefined);
  if (unpacked) return FOLDER;
  await mkdir(dirname(FOLDER), { recursive: true });
  const aside = await mkdtemp(`${FOLDER}-`);
  try {
    await promisify(execFile)('tar', ['-xzf', ARCHIVE, '-C', aside]);
    // Another process may have been quicker; its folder is as good.
    await rename(join(aside, 'clip-vit-b32-shape'), FOLDER).catch(() => stat(FOLDER));
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return FOLDER;
}

/** The shape as a model that openModel opens. */
export const shapeModel = async (): Promise<LocatedModel> => ({
  name: 'clip-vit-b32-shape',
  repository: 'clip-vit-b32-shape',
  revision: '1',
  languages: ['en'],
  demo: false,
  folder: await shapeModelFolder(),
});
