import { expect, test } from 'vitest';
import { jp2File, jpeg2000, levelAt } from '../../tests/images/jpeg2000.ts';
import { decodeImage } from './decode.ts';
import { decodeJpeg2000, readJpeg2000Header } from './jpeg2000.ts';

const LIMITS = { maxPixels: 1e6, short: 448, long: 768, pixels: 0 };

test.each([
  ['a codestream', async () => jpeg2000(60, 40, 3), 3],
  ['a JP2 file', async () => jp2File(await jpeg2000(60, 40, 3), 60, 40, 3), 3],
  ['a grey JP2 file', async () => jp2File(await jpeg2000(60, 40, 1), 60, 40, 1), 1],
])('%s', async (_, make, components) => {
  const image = await decodeImage(await make(), LIMITS);
  expect(image).toMatchObject({ format: 'jp2', width: 60, height: 40, alpha: null });
  const wanted = Array.from({ length: 60 * 40 * 3 }, (_unused, i) => {
    const pixel = Math.floor(i / 3);
    return levelAt(pixel % 60, Math.floor(pixel / 60), components === 1 ? 0 : i % 3, 60, 40);
  });
  expect([...image.rgb.data]).toEqual(wanted);
});

test('a large one is decoded at half its size or less', async () => {
  const bytes = await jpeg2000(512, 384, 3);
  const { levels } = readJpeg2000Header(bytes);
  expect(levels).toBeGreaterThan(1);
  expect(await decodeJpeg2000(bytes, 2)).toMatchObject({ width: 128, height: 96, channels: 3 });
});

test('more pixels than allowed are rejected from the header, and a cut one is damaged', async () => {
  const bytes = jp2File(await jpeg2000(60, 40, 3), 60, 40, 3);
  await expect(decodeImage(bytes, { ...LIMITS, maxPixels: 2_399 })).rejects.toMatchObject({
    code: 'image_too_many_pixels',
  });
  for (const part of [0.1, 0.5, 0.9]) {
    await expect(decodeImage(bytes.subarray(0, bytes.length * part), LIMITS)).rejects.toMatchObject({
      code: 'image_corrupt',
    });
  }
});
