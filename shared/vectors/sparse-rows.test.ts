import { expect, it } from 'vitest';
import { createSparseRows } from './sparse-rows.ts';

it('keeps what it holds while rows come, change and go many times over', () => {
  const rows = createSparseRows();
  for (let round = 0; round < 30; round++)
    for (let slot = 0; slot < 100; slot++)
      rows.set(slot, { indices: [slot + 200, 100 + (slot % 10), 7], values: [1, 2, round] });
  for (let slot = 1; slot < 100; slot += 2) rows.remove(slot);
  const { slots, scores } = rows.score({ indices: [7], values: [1] }, slot => slot < 6);
  expect([...slots]).toEqual([0, 2, 4]);
  const idf = Math.log((50 - 50 + 0.5) / (50 + 0.5) + 1);
  expect(scores[0]).toBeCloseTo(29 * idf, 6);
  expect([...rows.score({ indices: [204, 9999], values: [1, 1] }, undefined).slots]).toEqual([4]);
  expect(rows.has(1)).toBe(false);
});
