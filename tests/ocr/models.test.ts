import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OCR_FILES, OCR_MODEL, openOcrModels } from '../../shared/ocr/ocr-models.ts';

const BUNDLED = join(import.meta.dirname, '../../models', OCR_MODEL);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-ocr-models-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const loaded = ['det.onnx', 'rec.onnx', 'characters.txt'] as const satisfies (keyof typeof OCR_FILES)[];

test.each(loaded)('a damaged %s is rejected, however little of it differs', async file => {
  await cp(BUNDLED, folder, { recursive: true });
  const bytes = await readFile(join(folder, file));
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(join(folder, file), bytes);
  await expect(openOcrModels(1, folder)).rejects.toMatchObject({ code: 'model_corrupt' });
});

test.each(loaded)('without %s the model is missing', async file => {
  await cp(BUNDLED, folder, { recursive: true });
  await rm(join(folder, file));
  await expect(openOcrModels(1, folder)).rejects.toMatchObject({ code: 'model_missing' });
});
