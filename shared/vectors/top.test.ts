import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBestSlots, top } from './top.ts';

const score = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(Number.NaN));

it('is what sorting everything gives: best first, ties by the given order, NaN nowhere', () => {
  fc.assert(
    fc.property(
      fc.array(score),
      fc.integer({ min: 0, max: 12 }),
      fc.option(fc.integer({ min: -3, max: 3 })),
      (scores, limit, least) => {
        const above = least ?? Number.NEGATIVE_INFINITY;
        const slots = Int32Array.from(scores.keys());
        const expected = scores
          .map((score, slot) => ({ slot, score }))
          .filter(({ score }) => score > above)
          .sort((a, b) => b.score - a.score || b.slot - a.slot)
          .slice(0, limit);
        expect(top(slots, Float32Array.from(scores), limit, above, (one, other) => one > other)).toEqual(
          expected,
        );
      },
    ),
  );
});

it('is the same of slots that come some at a time', () => {
  const scores = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 });
  const limit = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(scores, limit, fc.integer({ min: 1, max: 16 }), (all, most, step) => {
      const byNumber = (one: number, other: number): boolean => one < other;
      const best = createBestSlots(most, 0, byNumber);
      const [slots, scores] = [Int32Array.from(all.keys()), Float32Array.from(all)];
      for (let from = 0; from < all.length; from += step) {
        best.offer(slots.subarray(from, from + step), scores.subarray(from, from + step));
        // A list that is made in between changes nothing.
        best.list();
      }
      expect(best.list()).toEqual(top(slots, scores, most, 0, byNumber));
    }),
  );
});
