import fc from 'fast-check';
import { expect, it } from 'vitest';
import { top } from './top.ts';

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
