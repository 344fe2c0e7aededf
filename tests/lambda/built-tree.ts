import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { buildTree, type TreeManifest } from '../../scripts/build-lambda/build-tree.ts';

/**
 * The tree with the demo model, built into a folder outside the project, so that nothing of the project's own
 * node_modules can be found from it. Taken away after the file's tests.
 */
export async function builtTree(): Promise<{ folder: string; manifest: TreeManifest }> {
  const parent = await mkdtemp(join(tmpdir(), 'semblance-tree-'));
  afterAll(() => rm(parent, { recursive: true, force: true }));
  const folder = join(parent, 'task');
  const manifest = await buildTree({
    model: 'demo',
    modelCache: parent,
    architecture: 'x86_64',
    target: folder,
    packageCache: join(import.meta.dirname, '../../node_modules/.cache/semblance-lambda'),
  });
  return { folder, manifest };
}
