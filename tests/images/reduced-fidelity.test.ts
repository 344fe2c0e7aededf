import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage } from '../../shared/images/decode.ts';
import { preparePixels } from '../../shared/images/preprocess.ts';
import { smallestEdge } from '../../shared/images/reader.ts';
import type { PixelSpec } from '../../shared/models/encoder.ts';
import { openModel } from '../../shared/models/onnx-encoder.ts';
import { demoModel } from '../../shared/models/registry.ts';
import { syntheticPhoto } from './synthetic-photo.ts';

const CLIP: PixelSpec = { edge: 224, fit: 'crop', resample: 'bicubic' };
const SIGLIP: PixelSpec = { edge: 224, fit: 'fill', resample: 'bilinear' };

const model = await openModel(demoModel());
let encoder: Awaited<ReturnType<typeof model.openImage>>;
beforeAll(async () => {
  encoder = await model.openImage({ threads: 1 });
});
afterAll(() => encoder.close());

describe('large photographs, reduced by their decoder, look the same to the model', () => {
  test.each([
    ['12 megapixels, JPEG', 4000, 3000, 'jpeg'],
    ['12 megapixels, WebP', 4000, 3000, 'webp'],
    ['just above the limit, upright', 1600, 1700, 'jpeg'],
    ['a panorama', 6000, 1067, 'jpeg'],
  ] as const)('%s', async (_, width, height, format) => {
    const bytes = await (await syntheticPhoto(width, height))
      .toFormat(format, { quality: 88, effort: 0 })
      .toBuffer();
    const reduced = await decode(bytes, smallestEdge(CLIP));
    const whole = await decode(bytes, 100_000);
    expect(reduced.rgb.width).toBeLessThan(width);
    expect(whole.rgb.width).toBe(width);
    for (const spec of [CLIP, SIGLIP, model.info.input]) {
      const psnr = signalToNoise(
        preparePixels(reduced.rgb, reduced, spec),
        preparePixels(whole.rgb, whole, spec),
      );
      expect(psnr).toBeGreaterThan(40);
    }
    const [a, b] = await Promise.all(
      [reduced, whole].map(({ rgb }) => encoder.encodePixels(preparePixels(rgb, whole, model.info.input))),
    );
    expect(cosine(a ?? [], b ?? [])).toBeGreaterThan(0.999);
  });
});

const decode = (bytes: Uint8Array, smallest: number) =>
  decodeImage(bytes, { maxPixels: 1e8, short: smallest, long: 768, pixels: 0 });

/** dB, of 8-bit levels. */
function signalToNoise(a: Uint8Array, b: Uint8Array): number {
  const squares = a.reduce((sum, level, i) => sum + (level - (b[i] ?? 0)) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / (squares / a.length));
}

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, v, i) => sum + v * (b[i] ?? 0), 0);
