import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closerAreas } from './closer-areas.ts';

const IMAGE = { width: 2_000, height: 1_000 };
const line = (x: number, y: number, width = 200, height = 20) => ({ x, y, width, height, angle: 0 });

const region = fc.record({
  x: fc.integer({ min: 0, max: 2_000 }),
  y: fc.integer({ min: 0, max: 1_000 }),
  width: fc.integer({ min: 2, max: 600 }),
  height: fc.integer({ min: 2, max: 60 }),
  angle: fc.double({ min: -0.78, max: 0.78, noNaN: true }),
});

test('areas hold every region’s middle, lie in the image, and do not overlap', () => {
  fc.assert(
    fc.property(fc.array(region, { maxLength: 30 }), regions => {
      const areas = closerAreas(regions, IMAGE, 10).map(({ area }) => area);
      for (const { left, top, width, height } of areas) {
        expect(left).toBeGreaterThanOrEqual(0);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(left + width).toBeLessThanOrEqual(IMAGE.width);
        expect(top + height).toBeLessThanOrEqual(IMAGE.height);
      }
      for (const { x, y } of regions) {
        const holding = areas.filter(
          ({ left, top, width, height }) => x >= left && x <= left + width && y >= top && y <= top + height,
        );
        expect(holding.length).toBeGreaterThan(0);
      }
      for (const [i, a] of areas.entries()) {
        for (const b of areas.slice(i + 1)) {
          // Areas are rounded outwards to whole px.
          const apart =
            a.left + a.width <= b.left + 1 ||
            b.left + b.width <= a.left + 1 ||
            a.top + a.height <= b.top + 1 ||
            b.top + b.height <= a.top + 1;
          expect(apart).toBe(true);
        }
      }
    }),
  );
});

test('lines below each other are one area, far ones another', () => {
  const areas = closerAreas([line(300, 100), line(300, 140), line(1_700, 900)], IMAGE, 10);
  expect(areas).toHaveLength(2);
});

test('the height of a line is that of the lower ones', () => {
  const [only] = closerAreas([line(300, 100, 200, 40), line(300, 140), line(300, 170)], IMAGE, 10);
  expect(only?.lineHeight).toBe(20);
});

test('nothing gives nothing', () => {
  expect(closerAreas([], IMAGE, 10)).toEqual([]);
});
