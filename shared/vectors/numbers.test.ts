import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createNumbers } from './numbers.ts';
import { reloaded } from './testing-image.ts';

const UNSET = -1;
const value = fc.oneof(
  fc.constant(UNSET),
  fc.integer({ min: -200, max: 200 }),
  fc.constantFrom(40_000, 3e9, -16, -17, 2 ** 31, 2 ** 48 - 17, 2 ** 48 - 16, 2 ** 53, 0.5, -3e9),
  fc.maxSafeNat(),
);
const step = fc.record({ index: fc.oneof(fc.nat(10), fc.nat(300)), value, reload: fc.boolean() });

it('has what was set last, also from an image, and else what stands for unset', () => {
  fc.assert(
    fc.property(fc.array(step), steps => {
      let numbers = createNumbers(UNSET);
      const expected: number[] = [];
      for (const { index, value, reload } of steps) {
        numbers.set(index, value);
        while (expected.length <= index) expected.push(UNSET);
        expected[index] = value;
        if (reload) numbers = reloaded(numbers, createNumbers(UNSET));
        expect(expected.map((_, at) => numbers.at(at))).toEqual(expected);
        expect(numbers.at(1000)).toBe(UNSET);
        expect(numbers.end).toBe(expected.length);
      }
    }),
  );
});

it('takes six bytes for dates in ms, and four for what fits', () => {
  const saved = (value: number): number => {
    const numbers = createNumbers(UNSET);
    for (let index = 0; index < 1000; index++) numbers.set(index, value);
    let bytes = 0;
    numbers.save({ json: () => {}, numbers: ({ byteLength }) => (bytes += byteLength) });
    return bytes / 1000;
  };
  expect([100, 30_000, 2 ** 31 - 1, 1.7e12, 2 ** 48, 0.5].map(saved)).toEqual([1, 2, 4, 6, 8, 8]);
});
