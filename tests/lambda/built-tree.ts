import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { buildTree, type TreeManifest } from '../../scripts/build-lambda/build-tree.ts';
import { digestFile } from '../../shared/models/download.ts';
import { modelFolder, writeLock } from '../../shared/models/model-cache.ts';
import { MODEL_FILES } from '../../shared/models/model-folder.ts';
import { demoModel, resolveModel } from '../../shared/models/registry.ts';

/** A second model for the tests of two: the demo model under another name, hence with another index. */
export const SECOND_MODEL = 'test/second-model@1';

/**
 * The tree with the demo model and the second one, built into a folder outside the project, so that nothing of the project's own
 * node_modules can be found from it. Taken away after the file's tests.
 */
export async function builtTree(): Promise<{ folder: string; manifest: TreeManifest }> {
  const parent = await mkdtemp(join(tmpdir(), 'semblance-tree-'));
  afterAll(() => rm(parent, { recursive: true, force: true }));
  const folder = join(parent, 'task');
  const modelCache = join(parent, 'models');
  await layModelLikeDemo(SECOND_MODEL, modelCache);
  const manifest = await buildTree({
    model: 'demo',
    also: [SECOND_MODEL],
    modelCache,
    architecture: 'x86_64',
    target: folder,
    packageCache: join(import.meta.dirname, '../../node_modules/.cache/semblance-lambda'),
  });
  return { folder, manifest };
}

/** As `models pull` would leave it. */
async function layModelLikeDemo(name: string, cacheFolder: string): Promise<void> {
  const folder = modelFolder(resolveModel(name), cacheFolder);
  await cp(demoModel().folder, folder, { recursive: true });
  const files = await Promise.all(
    MODEL_FILES.map(async path => [path, await digestFile(join(folder, path))] as const),
  );
  await writeLock(folder, { name, files: Object.fromEntries(files) });
}
