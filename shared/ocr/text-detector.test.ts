import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stretches } from './text-detector.ts';

test('cores tile a side of any length, and each is seen with what surrounds it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60_000 }), length => {
      const all = stretches(length);
      expect(all[0]?.coreStart).toBe(0);
      expect(all.at(-1)?.coreEnd).toBe(length);
      for (const [i, { start, end, coreStart, coreEnd }] of all.entries()) {
        expect(coreStart).toBe(all[i - 1]?.coreEnd ?? 0);
        expect(start).toBe(Math.max(0, coreStart - (i === 0 ? 0 : 64)));
        expect(end).toBe(Math.min(length, coreEnd + (i === all.length - 1 ? 0 : 64)));
        expect(end - start).toBeLessThanOrEqual(704);
      }
    }),
  );
});
