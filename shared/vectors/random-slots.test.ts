import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomSlots } from './random-slots.ts';

it('are different ones that match, as many as are wanted or there are', () => {
  fc.assert(
    fc.property(
      fc.nat(300),
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 50 }),
      (end, limit, n) => {
        const slots = randomSlots(end, limit, slot => slot % n === 0);
        expect(slots).toHaveLength(Math.min(limit, Math.ceil(end / n)));
        expect(new Set(slots).size).toBe(slots.length);
        expect(slots.every(slot => slot < end && slot % n === 0)).toBe(true);
      },
    ),
  );
});

it.each([
  ['found by drawing', 100, 2],
  ['too few to be found by drawing', 100_000, 10_000],
])('have each place as often as any other: %s', (_, end, step) => {
  const rounds = 2000;
  const firsts = new Map<number, number>();
  for (let round = 0; round < rounds; round++) {
    const [first] = randomSlots(end, 3, slot => slot % step === 0 && slot < 10 * step);
    firsts.set(first!, (firsts.get(first!) ?? 0) + 1);
  }
  expect(firsts.size).toBe(10);
  // 200 is expected of each, with a standard deviation of 13.4: six of these
  for (const count of firsts.values()) expect(Math.abs(count - rounds / 10)).toBeLessThan(81);
});
