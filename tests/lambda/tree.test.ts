import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TreeManifest } from '../../scripts/build-lambda/build-tree.ts';
import { filesBelow } from '../../scripts/build-lambda/tree.ts';
import { builtTree, SECOND_MODEL } from './built-tree.ts';

const MB = 1_000_000;

let tree: string;
let manifest: TreeManifest;
let files: string[];
beforeAll(async () => {
  ({ folder: tree, manifest } = await builtTree());
  files = await filesBelow(tree);
}, 180_000);

const named = (pattern: RegExp) => files.filter(file => pattern.test(file));

async function sourceOf(functionName: string): Promise<string> {
  const modules = named(new RegExp(`^functions/${functionName}/.*\\.mjs$`));
  return (await Promise.all(modules.map(file => readFile(join(tree, file), 'utf8')))).join('\n');
}

describe('the tree of the Lambda image', () => {
  test('has the layers that the Dockerfile copies, the models lowest, and nothing else', async () => {
    const dockerfile = await readFile(join(import.meta.dirname, '../../Dockerfile'), 'utf8');
    const copied = [...dockerfile.matchAll(/^COPY (\S+) \$\{LAMBDA_TASK_ROOT\}\/(\S+)$/gm)];
    expect(copied.map(([, from]) => from)).toEqual(['models', 'node_modules', 'functions']);
    for (const [, from, to] of copied) expect(to).toBe(from);
    expect([...new Set(files.map(file => file.split('/')[0]))].sort()).toEqual(
      ['functions', 'manifest.json', 'models', 'node_modules'].sort(),
    );
  });

  test('adds less than 220 MB beside the model, compressed', () => {
    const { models, node_modules, functions } = manifest.layers;
    // Both models here have 8 MB; those of words are ours to count.
    expect(models.compressed + node_modules.compressed + functions.compressed).toBeLessThan(220 * MB);
    expect(functions.compressed).toBeLessThan(10 * MB);
  });

  test('has one libvips and one onnxruntime, for Linux on x64, and neither CUDA nor a browser’s runtime', async () => {
    expect(named(/libvips.*\.so/)).toHaveLength(1);
    expect(named(/libonnxruntime/)).toHaveLength(1);
    expect(named(/\.(node|so[.\d]*)$/).sort()).toEqual([
      expect.stringMatching(/^node_modules\/@img\/sharp-libvips-linux-x64\/lib\/libvips-cpp\.so\.[\d.]+$/),
      expect.stringMatching(/^node_modules\/@img\/sharp-linux-x64\/lib\/sharp-linux-x64-[\d.]+\.node$/),
      expect.stringMatching(/linux\/x64\/libonnxruntime\.so\.1$/),
      expect.stringMatching(/linux\/x64\/onnxruntime_binding\.node$/),
    ]);
    expect(named(/cuda|tensorrt|darwin|win32|musl|onnxruntime-web/)).toEqual([]);
    expect(named(/\.wasm$/)).toEqual([expect.stringMatching(/openjpegwasm_decode\.wasm$/)]);
    for (const name of ['embed', 'search']) expect((await sourceOf(name)).includes('_OrtInit')).toBe(false);
  });

  test('has the words models in the model layer, and OCR in the embed function alone', async () => {
    expect(named(/^models\/semblance-words-v1\/onnx\//)).toHaveLength(1);
    expect(named(/^models\/pp-ocrv6-small\/(det|rec)\.onnx$/)).toHaveLength(2);
    expect((await sourceOf('embed')).includes('rec.onnx')).toBe(true);
    expect((await sourceOf('search')).includes('rec.onnx')).toBe(false);
  });

  test('has source maps for every bundle', () => {
    for (const bundle of named(/^functions\/.*\.mjs$/)) expect(files).toContain(`${bundle}.map`);
  });

  test('has the licence of every package in it', () => {
    const packages = new Set(
      named(/^node_modules\//).map(file => /^node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(file)?.[1]),
    );
    for (const name of packages) expect(files).toContain(`node_modules/${name}/package.json`);
  });

  test('says which models and processor it is for', () => {
    expect(manifest).toMatchObject({ models: ['demo', SECOND_MODEL], architecture: 'x86_64' });
  });
});
