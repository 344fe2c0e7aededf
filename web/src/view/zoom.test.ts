import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, type View, within, zoomedAt } from './zoom.ts';

const side = fc.integer({ min: 1, max: 20_000 });
const size = fc.record({ width: side, height: side });
const stage = fc.record({
  width: fc.integer({ min: 100, max: 4000 }),
  height: fc.integer({ min: 100, max: 4000 }),
});
const place = fc.double({ min: -3000, max: 3000, noNaN: true });
const view: fc.Arbitrary<View> = fc.record({
  scale: fc.double({ min: 1, max: 30, noNaN: true }),
  x: place,
  y: place,
  turns: fc.integer({ min: 0, max: 3 }),
});

describe('zooming', () => {
  it('shows the whole image, turned too, and enlarges a small one by no more than two', () => {
    fc.assert(
      fc.property(size, stage, fc.integer({ min: 0, max: 3 }), (image, room, turns) => {
        const fit = fitted(image, room, turns);
        const [width, height] = turns % 2 === 0 ? [fit.width, fit.height] : [fit.height, fit.width];
        expect(width).toBeLessThanOrEqual(room.width + 1e-6);
        expect(height).toBeLessThanOrEqual(room.height + 1e-6);
        expect(fit.width).toBeLessThanOrEqual(image.width * 2 + 1e-6);
        expect(fit.width / fit.height).toBeCloseTo(image.width / image.height, 6);
      }),
    );
  });

  it('keeps what is under the pointer under it', () => {
    fc.assert(
      fc.property(view, fc.double({ min: 1, max: 30, noNaN: true }), place, place, (before, scale, x, y) => {
        const after = zoomedAt(before, scale, { x, y });
        expect((x - after.x) / after.scale).toBeCloseTo((x - before.x) / before.scale, 6);
        expect((y - after.y) / after.scale).toBeCloseTo((y - before.y) / before.scale, 6);
      }),
    );
  });

  it('leaves no gap beside an image that is larger than the stage, and centres a smaller one', () => {
    fc.assert(
      fc.property(size, stage, view, (image, room, loose) => {
        const fit = fitted(image, room, loose.turns);
        const { x, scale, turns } = within(loose, fit, room);
        const width = (turns % 2 === 0 ? fit.width : fit.height) * scale;
        if (width <= room.width) expect(Math.abs(x)).toBe(0);
        else {
          expect(x - width / 2).toBeLessThanOrEqual(-room.width / 2 + 1e-6);
          expect(x + width / 2).toBeGreaterThanOrEqual(room.width / 2 - 1e-6);
        }
      }),
    );
  });
});
