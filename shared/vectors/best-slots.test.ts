import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBestSlots } from './best-slots.ts';
import { top } from './top.ts';

it('are the same as of all at once, whatever is held at a time', () => {
  const scores = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 });
  const limit = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(scores, limit, fc.integer({ min: 1, max: 16 }), (all, most, held) => {
      const byNumber = (one: number, other: number): boolean => one < other;
      const best = createBestSlots(most, byNumber, held);
      const [slots, scores] = [Int32Array.from(all.keys()), Float32Array.from(all)];
      for (let from = 0; from < all.length; from += 7)
        best.offer(slots.subarray(from, from + 7), scores.subarray(from, from + 7));
      expect(best.list()).toEqual(top(slots, scores, most, 0, byNumber));
    }),
  );
});
