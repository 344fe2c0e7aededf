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
      for (const [slot, score] of all.entries()) best.add(slot, score);
      const slots = Int32Array.from(all.keys());
      expect(best.list()).toEqual(top(slots, Float32Array.from(all), most, 0, byNumber));
    }),
  );
});
