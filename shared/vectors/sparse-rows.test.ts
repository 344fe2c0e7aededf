import { expect, it } from 'vitest';
import { createSparseRows } from './sparse-rows.ts';
import { reloaded } from './testing-image.ts';

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

it('keeps every weight, of few and of more different ones than it has numbers for, also from an image', () => {
  let rows = createSparseRows();
  const weight = (slot: number): number => 1 + slot / 7;
  const check = (count: number): void => {
    const { slots, scores } = rows.score({ indices: [3], values: [1] }, undefined);
    const idf = rows.idf([3])[0]!;
    expect(slots).toHaveLength(count);
    for (let i = 0; i < count; i += 997)
      expect(scores[i]).toBe(Math.fround(Math.fround(weight(slots[i]!)) * idf));
  };
  const size = 66_000;
  for (const [from, to] of [
    [0, 1000],
    [1000, size],
  ] as const) {
    for (let slot = from; slot < to; slot++) rows.set(slot, { indices: [3], values: [weight(slot)] });
    check(to);
    rows = reloaded(rows, createSparseRows());
    check(to);
  }
});

it('takes what it has already as it is', () => {
  const rows = createSparseRows();
  for (const values of [
    [1, 2],
    [1, 2],
    [1, 3],
  ]) {
    rows.set(5, { indices: [1, 2], values });
    expect(rows.score({ indices: [2], values: [1] }, undefined).scores[0]).toBeCloseTo(
      values[1]! * rows.idf([2])[0]!,
      6,
    );
  }
});
