import { expect, it } from 'vitest';
import { averageQuery } from './recommend.ts';

const at = (...values: number[]) => ({ vector: Float32Array.from(values) });
const rounded = (vector: Float32Array): number[] => [...vector].map(value => Math.round(value * 1e4) / 1e4);

it('is the mean of the positives at unit length', () => {
  expect(rounded(averageQuery([at(3, 0), at(0, 4)]))).toEqual([0.6, 0.8]);
});
it('looks away from the mean of the negatives', () => {
  // 2·(1, 0) − (0, 1) = (2, −1)
  expect(rounded(averageQuery([at(1, 0)], [at(0, 1)]))).toEqual([0.8944, -0.4472]);
});
it('weighs the examples of a side, and lets longer ones count more', () => {
  expect(averageQuery([{ ...at(1, 0), weight: 3 }, at(0, 1)])).toEqual(averageQuery([at(3, 0), at(0, 1)]));
});
it('needs a positive example', () => {
  expect(() => averageQuery([], [at(1, 0)])).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});
