import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { justify } from './justify.ts';

const ratio = fc.double({ min: 0.05, max: 20, noNaN: true });
const ratios = fc.array(ratio, { maxLength: 80 });
const width = fc.integer({ min: 280, max: 3000 });
const GAP = 8;

describe('justify', () => {
  it('places every image once, in order', () => {
    fc.assert(
      fc.property(ratios, width, (images, w) => {
        const order = justify(images, w, 220, GAP).flatMap(row => row.tiles.map(tile => tile.index));
        expect(order).toEqual(images.map((_, index) => index));
      }),
    );
  });

  it('ends every full row flush with the container, none higher than the target', () => {
    fc.assert(
      fc.property(ratios, width, (images, w) => {
        for (const row of justify(images, w, 220, GAP).slice(0, -1)) {
          const used = row.tiles.reduce((sum, tile) => sum + tile.width, GAP * (row.tiles.length - 1));
          expect(used).toBe(w);
          expect(row.height).toBeLessThanOrEqual(220);
        }
      }),
    );
  });

  it('moves no tile of a full row when more images arrive', () => {
    fc.assert(
      fc.property(ratios, ratios, width, (first, more, w) => {
        const before = justify(first, w, 220, GAP).slice(0, -1);
        expect(justify([...first, ...more], w, 220, GAP).slice(0, before.length)).toEqual(before);
      }),
    );
  });

  it('keeps the last, unfilled row at the target height', () => {
    expect(justify([1.5], 1200, 200, GAP)).toEqual([{ height: 200, tiles: [{ index: 0, width: 300 }] }]);
  });

  it('takes an image of unknown proportions as square', () => {
    expect(justify([Number.NaN, 0], 1200, 200, GAP)[0]?.tiles.map(tile => tile.width)).toEqual([200, 200]);
  });

  it('lays out nothing before the container has a width', () => {
    expect(justify([1, 1], 0, 200, GAP)).toEqual([]);
  });
});
