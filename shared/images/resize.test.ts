import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeImage } from './decode.ts';
import { planResize, preparePixels } from './preprocess.ts';
import { resizeRgb } from './resize.ts';

const golden = (name: string) => readFile(new URL(`../../tests/golden/preprocess/${name}`, import.meta.url));

// Pillow 13.0: sha256(ImageOps.exif_transpose(Image.open(f)).convert('RGB').resize((e, e), Image.BILINEAR).tobytes())
test.each([
  ['photo.jpg', 224, '0a5c54c92f80a829bef8e827b78a7c97d6f29e982f10d0e634e2c4c3c5aafd3d'],
  ['tiny.png', 224, 'e7e204059a94e0ad6a99979a5ffbc73b277487e5bbb295f68786fa308c72dc9e'],
  ['small-o5.jpg', 384, 'c456b7978dcc15fef91dcb1cd6d7043adc8f3e4ef3d00eafc2631603ac703368'],
  ['wide.jpg', 224, 'a1f209c2305372aee4851b7b47b1923da4638ef771c48eec210d8c37c9708f0a'],
])("both edges by PIL's bilinear: %s to %i px", async (name, edge, sha256) => {
  const image = await decodeImage(await golden(name), {
    maxPixels: 1e8,
    short: 448,
    long: 768,
    pixels: 0,
  });
  const pixels = preparePixels(image.rgb, image, { edge, fit: 'fill', resample: 'bilinear' });
  expect(createHash('sha256').update(pixels).digest('hex')).toBe(sha256);
});

const sizes = fc.record({ width: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 1, max: 70 }) });
const kernels = fc.constantFrom('bicubic', 'bilinear');
const spec = (edge: number) => ({ edge, fit: 'crop', resample: 'bicubic' }) as const;

test('a flat image stays exactly flat, whatever the sizes', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 60 }), kernels, fc.nat(255), (size, edge, kernel, level) => {
      const image = { ...size, data: new Uint8Array(size.width * size.height * 3).fill(level) };
      const out = resizeRgb(image, planResize(size.width, size.height, spec(edge)), kernel);
      expect(out).toHaveLength(edge * edge * 3);
      expect(out.every(value => value === level)).toBe(true);
    }),
  );
});

test('a crop is the same part of the whole', () => {
  const cases = sizes.chain(size =>
    fc.record({
      size: fc.constant(size),
      data: fc.uint8Array({
        minLength: size.width * size.height * 3,
        maxLength: size.width * size.height * 3,
      }),
      edge: fc.integer({ min: 1, max: 40 }),
      kernel: kernels,
    }),
  );
  fc.assert(
    fc.property(cases, ({ size, data, edge, kernel }) => {
      const image = { ...size, data };
      const plan = planResize(size.width, size.height, spec(edge));
      const whole = resizeRgb(
        image,
        { ...plan, left: 0, top: 0, cropWidth: plan.width, cropHeight: plan.height },
        kernel,
      );
      const row = (y: number) => {
        const at = ((plan.top + y) * plan.width + plan.left) * 3;
        return whole.subarray(at, at + edge * 3);
      };
      const cut = Buffer.concat(Array.from({ length: edge }, (_, y) => row(y)));
      expect(Buffer.compare(cut, resizeRgb(image, plan, kernel))).toBe(0);
    }),
    { numRuns: 40 },
  );
});
