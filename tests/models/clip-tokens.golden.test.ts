import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { shapeModel } from '../../bench/models/shape-model.ts';
import { readLayout } from '../../shared/models/model-folder.ts';
import { openModel } from '../../shared/models/onnx-encoder.ts';
import { cleanText, openTextTokens } from '../../shared/models/text-tokens.ts';

const golden = z
  .array(z.object({ text: z.string(), ids: z.array(z.number()) }))
  .parse(
    JSON.parse(
      await readFile(join(import.meta.dirname, '../golden/tokens/clip-vit-base-patch32.json'), 'utf8'),
    ),
  );
const model = await shapeModel();
const layout = await readLayout(model.folder);
const tokensOf = await openTextTokens(model.folder, layout);

describe("CLIP's own tokenizer", () => {
  it.each(golden)('gives the ids of the Python runtime: $text', ({ text, ids }) => {
    expect(tokensOf(cleanText(text)).ids).toEqual(ids);
  });

  it('never gives more than the tower takes', () => {
    expect(layout.maxTokens).toBe(77);
    expect(tokensOf('a photo of a cat '.repeat(100)).ids).toHaveLength(77);
  });
});

it('a model of the size of CLIP ViT-B/32 opens and gives 512 components', async () => {
  const open = await openModel(model);
  const encoder = await open.openText({ threads: 1 });
  expect((await encoder.encodeText('a photo of a cat')).vector).toHaveLength(512);
  expect(open.info.input).toEqual({ edge: 224, fit: 'crop', resample: 'bicubic' });
  await encoder.close();
});
