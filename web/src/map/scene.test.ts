import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeNew } from './place-new.ts';
import {
  cameraOfAll,
  imageAt,
  imagesInside,
  imageUnder,
  thumbnailEdge,
  thumbnailsIn,
  toPlane,
  toWindow,
  zoomAt,
} from './scene.ts';

const VIEW = { width: 800, height: 600 };
const coordinate = fc.double({ min: -50, max: 50, noNaN: true });
const camera = fc.record({
  x: coordinate,
  y: coordinate,
  zoom: fc.double({ min: 0.5, max: 400, noNaN: true }),
});
const grid = Float32Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? (i / 2) % 10 : Math.floor(i / 20)));

describe('the camera', () => {
  it('finds a point of the window on the plane and back', () => {
    fc.assert(
      fc.property(camera, coordinate, coordinate, (c, x, y) => {
        const back = toWindow(c, VIEW, toPlane(c, VIEW, { x, y }));
        expect(back.x).toBeCloseTo(x, 3);
        expect(back.y).toBeCloseTo(y, 3);
      }),
    );
  });

  it('keeps the point under the pointer where it is while zooming', () => {
    fc.assert(
      fc.property(camera, fc.double({ min: 0.2, max: 5, noNaN: true }), (c, factor) => {
        const at = { x: 123, y: 456 };
        const before = toPlane(c, VIEW, at);
        const after = toPlane(zoomAt(c, VIEW, at, factor, { min: 1, max: 300 }), VIEW, at);
        expect(after.x).toBeCloseTo(before.x, 3);
        expect(after.y).toBeCloseTo(before.y, 3);
      }),
    );
  });

  it('sees all images at first', () => {
    const c = cameraOfAll(grid, VIEW);
    for (const [x, y] of [
      [0, 0],
      [9, 9],
    ] as const) {
      const seen = toWindow(c, VIEW, { x, y });
      expect(seen.x > 0 && seen.x < VIEW.width && seen.y > 0 && seen.y < VIEW.height).toBe(true);
    }
  });
});

describe('thumbnailsIn', () => {
  it('shows more the nearer one is, and keeps those that were shown', () => {
    const far = thumbnailsIn(grid, { x: 4.5, y: 4.5, zoom: 20 }, VIEW);
    const near = thumbnailsIn(grid, { x: 4.5, y: 4.5, zoom: 40 }, VIEW);
    expect(far.length).toBeGreaterThan(1);
    expect(near.length).toBeGreaterThan(far.length);
    expect(near).toEqual(expect.arrayContaining(far));
  });

  it('leaves none of them under another, at any zoom', () => {
    fc.assert(
      fc.property(camera, c => {
        const edge = thumbnailEdge(c);
        const shown = thumbnailsIn(grid, c, VIEW).map(i =>
          toWindow(c, VIEW, { x: grid[2 * i]!, y: grid[2 * i + 1]! }),
        );
        for (const [i, a] of shown.entries())
          for (const b of shown.slice(i + 1))
            expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))).toBeGreaterThan(edge);
      }),
    );
  });
});

describe('pointing and drawing', () => {
  it('finds the image under the pointer', () => {
    const c = cameraOfAll(grid, VIEW);
    expect(imageAt(grid, c, VIEW, toWindow(c, VIEW, { x: 3.1, y: 2 }), 30)).toBe(23);
    expect(imageAt(grid, c, VIEW, { x: -500, y: 0 }, 30)).toBe(-1);
  });

  it('finds the thumbnail that covers a point before a nearer dot', () => {
    const pair = Float32Array.of(0, 0, 0.9, 0);
    const c = { x: 0, y: 0, zoom: 32 };
    const [first] = thumbnailsIn(pair, c, VIEW);
    expect(first).toBe(0);
    const at = toWindow(c, VIEW, { x: 0.8, y: 0 });
    expect(imageAt(pair, c, VIEW, at, 30)).toBe(1);
    expect(imageUnder(pair, c, VIEW, at)).toBe(0);
  });

  it('finds the images inside a line', () => {
    const line = [
      { x: -0.5, y: -0.5 },
      { x: 2.5, y: -0.5 },
      { x: 2.5, y: 1.5 },
      { x: -0.5, y: 1.5 },
    ];
    expect(imagesInside(grid, line)).toEqual([0, 1, 2, 10, 11, 12]);
  });
});

describe('placeNew', () => {
  it('puts a new image among those like it and leaves the others alone', () => {
    const codes = Int8Array.from([127, 0, 126, 5, 0, 127, 2, 126, 125, 8]);
    const known = Float32Array.from([0, 0, 1, 0, 20, 20, 21, 20, Number.NaN, Number.NaN]);
    const placed = placeNew(codes, 2, known);
    expect([...placed.slice(0, 8)]).toEqual([0, 0, 1, 0, 20, 20, 21, 20]);
    expect(placed[8]).toBeLessThan(12);
  });
});
