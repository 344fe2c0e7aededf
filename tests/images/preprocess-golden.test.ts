import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { decodeImage } from '../../shared/images/decode.ts';
import { planResize, preparePixels } from '../../shared/images/preprocess.ts';
import { normalizer } from '../../shared/models/onnx-encoder.ts';

const FOLDER = new URL('../golden/preprocess/', import.meta.url);

const five = z.array(z.array(z.number()).length(5)).length(3);
const three = z.array(z.number()).length(3);
const specSchema = z.object({
  golden: z.string(),
  resized: z.tuple([z.number(), z.number()]),
  left: z.number(),
  top: z.number(),
  tensor: z.object({ first5: five, mid5: five, mean: three, std: three }).optional(),
});
const { images, rules } = z
  .object({
    rules: z.object({
      mean: z.tuple([z.number(), z.number(), z.number()]),
      std: z.tuple([z.number(), z.number(), z.number()]),
    }),
    images: z.array(
      z.object({
        file: z.string(),
        width: z.number(),
        height: z.number(),
        specs: z.record(z.string(), specSchema),
      }),
    ),
  })
  .parse(JSON.parse(await readFile(new URL('golden.json', FOLDER), 'utf8')));

const cases = images.flatMap(image =>
  Object.entries(image.specs).map(([edge, spec]) => ({
    ...image,
    edge: Number(edge),
    spec,
    name: spec.golden,
  })),
);

describe('pixels are those of PIL and CLIPImageProcessor', () => {
  test('there are 26 cases', () => expect(cases).toHaveLength(26));

  test.each(cases)('$name', async ({ file, width, height, edge, spec }) => {
    const input = { edge, fit: 'crop', resample: 'bicubic' } as const;
    const image = await decodeImage(await readFile(new URL(file, FOLDER)), {
      maxPixels: 100_000_000,
      short: 2 * edge,
      long: 768,
      pixels: 0,
    });
    expect([image.width, image.height]).toEqual([width, height]);
    expect(planResize(width, height, input)).toMatchObject({
      width: spec.resized[0],
      height: spec.resized[1],
      left: spec.left,
      top: spec.top,
    });
    const pixels = preparePixels(image.rgb, image, input);
    const golden = await sharp(await readFile(new URL(spec.golden, FOLDER)))
      .raw()
      .toBuffer();
    const { largest, mean } = difference(pixels, golden);
    // 0 with the libjpeg and libwebp at hand; the room is for others
    expect(largest).toBeLessThanOrEqual(1);
    expect(mean).toBeLessThan(0.05);

    if (!spec.tensor) return;
    const tensor = normalizer({ input, rescale: 1 / 255, mean: rules.mean, std: rules.std })(pixels);
    for (let c = 0; c < 3; c++) {
      const plane = tensor.subarray(c * edge * edge, (c + 1) * edge * edge);
      const middle = (edge / 2) * edge + edge / 2;
      closeTo(plane.subarray(0, 5), spec.tensor.first5[c] ?? [], 1e-5);
      closeTo(plane.subarray(middle, middle + 5), spec.tensor.mid5[c] ?? [], 1e-5);
      const mean = plane.reduce((sum, v) => sum + v, 0) / plane.length;
      const std = Math.sqrt(plane.reduce((sum, v) => sum + (v - mean) ** 2, 0) / plane.length);
      closeTo([mean, std], [spec.tensor.mean[c] ?? 0, spec.tensor.std[c] ?? 0], 1e-4);
    }
  });
});

function difference(a: Uint8Array, b: Uint8Array) {
  expect(a.length).toBe(b.length);
  let largest = 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs((a[i] ?? 0) - (b[i] ?? 0));
    largest = Math.max(largest, d);
    sum += d;
  }
  return { largest, mean: sum / a.length };
}

function closeTo(got: ArrayLike<number>, wanted: readonly number[], tolerance: number) {
  expect(got.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries())
    expect(Math.abs((got[i] ?? Number.NaN) - value)).toBeLessThan(tolerance);
}
