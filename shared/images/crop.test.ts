import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cropRgb } from './crop.ts';

/** An image whose pixel at x, y is [x, y, 7]. */
const grid = (width: number, height: number) => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [pixel % width, Math.floor(pixel / width), 7][i % 3] ?? 0;
  }),
});

it('takes the pixels of the part, row by row', () => {
  const part = cropRgb(grid(4, 4), { x: 0.25, y: 0.5, width: 0.5, height: 0.5 });
  expect(part).toEqual({
    width: 2,
    height: 2,
    data: Uint8Array.of(1, 2, 7, 2, 2, 7, 1, 3, 7, 2, 3, 7),
  });
});

it('is never empty and never reaches beyond the image', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      share,
      share,
      share,
      share,
      (w, h, x, y, width, height) => {
        const part = cropRgb(grid(w, h), { x, y, width: width * (1 - x), height: height * (1 - y) });
        expect(part.width).toBeGreaterThanOrEqual(1);
        expect(part.height).toBeGreaterThanOrEqual(1);
        expect(part.data.length).toBe(part.width * part.height * 3);
        for (let i = 2; i < part.data.length; i += 3) expect(part.data[i]).toBe(7);
      },
    ),
  );
});
