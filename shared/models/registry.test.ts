import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestFile } from './download.ts';
import { MODEL_FILES } from './model-folder.ts';
import { demoModel, MODEL_ROWS, resolveModel } from './registry.ts';

describe('the registry', () => {
  it('lists every file of every model once, with pinned revisions', () => {
    for (const row of MODEL_ROWS) {
      expect(row.files.map(({ path }) => path)).toEqual([...MODEL_FILES]);
      if (!row.demo) expect(row.revision).toMatch(/^[0-9a-f]{40}$/);
      expect(row.bytes).toBeGreaterThan(1_000_000);
    }
    expect(new Set(MODEL_ROWS.map(({ name }) => name)).size).toBe(MODEL_ROWS.length);
  });

  it('pins the default model to the published weights', () => {
    const row = resolveModel(undefined);
    expect(row).toMatchObject({
      name: 'clip-vit-base-patch32',
      repository: 'Xenova/clip-vit-base-patch32',
      revision: 'd15189d7028b43f1d3e65039190477f6af591c2a',
    });
    expect(row.files.slice(-2)).toEqual([
      {
        path: 'onnx/text_model_quantized.onnx',
        bytes: 64_504_507,
        sha256: '73baab855d406190da9faa498cfedf65f15cf309f4cc7385b7b032e6d08e5c3a',
      },
      {
        path: 'onnx/vision_model_quantized.onnx',
        bytes: 89_117_001,
        sha256: '583fd1110a514667812fee7d684952aaf82a99b959760c8d7dca7e0ab9839299',
      },
    ]);
  });

  it('names the bundled weights: whoever changes them raises the revision of the row', async () => {
    expect(demoModel().revision).toBe('1');
    for (const { path, bytes, sha256 } of resolveModel('demo').files) {
      expect(await digestFile(join(demoModel().folder, path))).toEqual({ bytes, sha256 });
    }
  });

  it('has a multilingual choice', () => {
    expect(resolveModel('siglip2-base-patch16-224').languages).toEqual(['*']);
  });

  it('takes any org/name, with or without a revision', () => {
    expect(resolveModel('org/own')).toMatchObject({ name: 'org/own@main', revision: 'main' });
    expect(resolveModel('org/own@v1.2')).toMatchObject({ repository: 'org/own', revision: 'v1.2' });
    expect(resolveModel('Xenova/clip-vit-base-patch16').name).toBe('clip-vit-base-patch16');
    expect(resolveModel('Xenova/clip-vit-base-patch16@main').name).toBe('Xenova/clip-vit-base-patch16@main');
  });

  it.each(['clip', 'a/b/c', '../b', 'a/..', 'a/b@..', 'a/b@../../etc', 'a b/c', '/etc/passwd', 'a/b@', ''])(
    'knows no model named %j',
    name => {
      expect(() => resolveModel(name)).toThrow(expect.objectContaining({ code: 'unknown_model' }));
    },
  );
});
