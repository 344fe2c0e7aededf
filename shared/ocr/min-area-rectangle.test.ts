import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  convexHull,
  cornersOf,
  elongation,
  holds,
  minAreaRectangle,
  type Point,
} from './min-area-rectangle.ts';

const point = fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 }));

test('a turned rectangle is found from its corners', () => {
  fc.assert(
    fc.property(
      fc.record({
        x: fc.integer({ min: 0, max: 900 }),
        y: fc.integer({ min: 0, max: 900 }),
        width: fc.integer({ min: 50, max: 400 }),
        height: fc.integer({ min: 4, max: 40 }),
        angle: fc.double({ min: -0.78, max: 0.78, noNaN: true }),
      }),
      rectangle => {
        const found = minAreaRectangle(cornersOf(rectangle));
        for (const key of ['x', 'y', 'width', 'height', 'angle'] as const) {
          expect(found[key]).toBeCloseTo(rectangle[key], 5);
        }
      },
    ),
  );
});

test('every point lies within, whatever the points', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 40 }), points => {
      const found = minAreaRectangle(points);
      expect(Math.abs(found.angle)).toBeLessThanOrEqual(Math.PI / 4 + 1e-9);
      const grown = { ...found, width: found.width + 1e-6, height: found.height + 1e-6 };
      for (const [x, y] of points) expect(holds(grown, { x, y, width: 0, height: 0, angle: 0 })).toBe(true);
    }),
  );
});

test('the hull leaves out what lies inside or on an edge', () => {
  const square: Point[] = [
    [0, 0],
    [4, 0],
    [4, 4],
    [0, 4],
  ];
  const hull = convexHull([...square, [2, 2], [2, 0], [4, 1]]);
  expect(hull.toSorted()).toEqual(square.toSorted());
});

test('corners go clockwise from top left, whichever side is longer', () => {
  const rectangle = { x: 50, y: 20, width: 40, height: 10, angle: 0 };
  expect(cornersOf(rectangle)).toEqual([
    [30, 15],
    [70, 15],
    [70, 25],
    [30, 25],
  ]);
  expect(elongation(rectangle)).toBe(4);
  expect(elongation({ ...rectangle, width: 10, height: 40 })).toBe(4);
});

test('no points are rejected', () => {
  expect(() => minAreaRectangle([])).toThrow(RangeError);
});
