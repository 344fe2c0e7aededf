import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ImageEncoder, TextEncoder } from '../../shared/models/encoder.ts';
import { readLayout } from '../../shared/models/model-folder.ts';
import { type Closable, openModel } from '../../shared/models/onnx-encoder.ts';
import { demoModel } from '../../shared/models/registry.ts';
import { cleanText, openTextTokens } from '../../shared/models/text-tokens.ts';

const GOLDEN = join(import.meta.dirname, '../golden');
const demoSchema = z.object({
  texts: z.array(z.object({ text: z.string(), ids: z.array(z.number()), vector: z.array(z.number()) })),
  pictures: z.array(z.object({ pixels: z.string(), vector: z.array(z.number()) })),
});
const golden = demoSchema.parse(JSON.parse(await readFile(join(GOLDEN, 'tokens/demo-clip.json'), 'utf8')));

const cosine = (a: Float32Array, b: readonly number[]): number => {
  const length = Math.hypot(...b);
  return a.reduce((sum, component, i) => sum + component * (b[i] ?? 0), 0) / length;
};

describe('the demo model', () => {
  let text: TextEncoder & Closable;
  let image: ImageEncoder & Closable;
  beforeAll(async () => {
    const model = await openModel(demoModel());
    [text, image] = await Promise.all([model.openText({ threads: 1 }), model.openImage({ threads: 1 })]);
  });
  afterAll(() => Promise.all([text.close(), image.close()]));

  it.each(golden.texts)('gives the token ids of the Python runtime: $text', async ({ text: words, ids }) => {
    const { folder } = demoModel();
    const tokensOf = await openTextTokens(folder, await readLayout(folder));
    expect(tokensOf(cleanText(words)).ids).toEqual(ids);
  });

  it.each(golden.texts)('gives the vector of the Python runtime: $text', async ({ text: words, vector }) => {
    const { vector: embedding } = await text.encodeText(words);
    expect(embedding).toHaveLength(text.model.dimension);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
    expect(cosine(embedding, vector)).toBeGreaterThanOrEqual(0.999);
  });

  it.each(golden.pictures)('gives the vector of the Python runtime: $pixels', async ({ pixels, vector }) => {
    const raw = await sharp(join(GOLDEN, pixels)).removeAlpha().raw().toBuffer();
    const embedding = await image.encodePixels(raw);
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
    expect(cosine(embedding, vector)).toBeGreaterThanOrEqual(0.999);
  });
});
