import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layBundles } from './bundles.ts';
import { layModels } from './models.ts';
import { layNativePackages } from './native-packages.ts';
import { freshFolder, type Layer, type LayerSize, measureLayer, settleDates } from './tree.ts';

export type TreeRequest = {
  /** By which images are found: a registry name, `demo`, or `org/name[@revision]`. */
  readonly model: string;
  /** Models whose index is kept as well, while one takes over from another. */
  readonly also?: readonly string[];
  /** Where `models pull` puts models. */
  readonly modelCache: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly target: string;
  /** Keeps installed packages between builds. */
  readonly packageCache: string;
  /** Entry points by function; those of the product unless a test gives its own. */
  readonly entryPoints?: Readonly<Record<string, string>>;
};

/** What the stacks read of a tree. */
export type TreeManifest = {
  /** Models in it; the search function uses the first, the embed function keeps the index of each. */
  readonly models: readonly string[];
  readonly architecture: TreeRequest['architecture'];
  readonly layers: Record<Layer, LayerSize>;
};

/**
 * Builds the tree that the Dockerfile copies: models, packages with native code, bundles. It takes the old
 * one's place only when it is whole.
 * @throws unknown_model, model_missing, model_corrupt
 */
export async function buildTree(request: TreeRequest): Promise<TreeManifest> {
  const staging = await freshFolder(`${request.target}.new`);
  const layer = (name: Layer) => join(staging, name);
  const models = await layModels(
    [request.model, ...(request.also ?? [])],
    request.modelCache,
    layer('models'),
  );
  const processor = request.architecture === 'arm64' ? 'arm64' : 'x64';
  await layNativePackages(processor, request.packageCache, layer('node_modules'));
  await layBundles(layer('functions'), request.entryPoints);
  await settleDates(staging);
  const layers = {
    models: await measureLayer(layer('models')),
    node_modules: await measureLayer(layer('node_modules')),
    functions: await measureLayer(layer('functions')),
  };
  const manifest: TreeManifest = { models, architecture: request.architecture, layers };
  await writeFile(join(staging, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await rm(request.target, { recursive: true, force: true });
  await rename(staging, request.target);
  return manifest;
}
