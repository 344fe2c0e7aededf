import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSparseRows } from './sparse-rows.ts';
import { reloaded } from './testing-image.ts';

const term = fc.oneof(fc.nat(6), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const vector = fc
  .uniqueArray(fc.tuple(term, fc.constantFrom(1, 0.5, 1.7, -2)), { selector: ([each]) => each, maxLength: 8 })
  .map(pairs => ({ indices: pairs.map(([each]) => each), values: pairs.map(([, value]) => value) }));
const step = fc.record({
  slot: fc.oneof(fc.nat(5), fc.nat(3000)),
  vector: fc.option(vector),
  reload: fc.boolean(),
});

it('counts terms and scores rows as a scan of the vectors does, after any changes and from an image', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), vector, fc.func(fc.boolean()), (steps, query, pass) => {
      let rows = createSparseRows();
      const stored = new Map<number, typeof query>();
      for (const { slot, vector, reload } of steps) {
        if (vector) rows.set(slot, vector);
        else rows.remove(slot);
        if (vector) stored.set(slot, vector);
        else stored.delete(slot);
        if (reload) rows = reloaded(rows, createSparseRows());
        for (const { slot } of steps) expect(rows.has(slot)).toBe(stored.has(slot));
      }
      const idf = query.indices.map(each => {
        const df = [...stored.values()].filter(({ indices }) => indices.includes(each)).length;
        return df === 0 ? undefined : Math.log((stored.size - df + 0.5) / (df + 0.5) + 1);
      });
      expect(rows.idf(query.indices)).toEqual(idf);
      const expected = [...stored].flatMap(([slot, { indices, values }]) => {
        const shared = indices.flatMap((each, i) => {
          const at = query.indices.indexOf(each);
          return at < 0 ? [] : [idf[at]! * query.values[at]! * Math.fround(values[i]!)];
        });
        return shared.length > 0 && pass(slot) ? [{ slot, score: shared.reduce((a, b) => a + b) }] : [];
      });
      const { slots, scores } = rows.score(query, pass);
      expect([...slots]).toEqual(expected.map(({ slot }) => slot).sort((a, b) => a - b));
      for (const { slot, score } of expected) expect(scores[slots.indexOf(slot)]).toBeCloseTo(score, 5);
    }),
  );
});

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

it('keeps more different terms and weights than two bytes have numbers for, also from an image', () => {
  let rows = createSparseRows();
  const weight = (slot: number): number => 1 + slot / 7;
  const size = 66_000;
  for (let slot = 0; slot < size; slot++)
    rows.set(slot, { indices: [3, 1e6 + slot], values: [weight(slot), 1] });
  for (let round = 0; round < 2; round++) {
    const { slots, scores } = rows.score({ indices: [3], values: [1] }, undefined);
    const idf = rows.idf([3])[0]!;
    expect(slots).toHaveLength(size);
    for (let i = 0; i < size; i += 997)
      expect(scores[i]).toBe(Math.fround(Math.fround(weight(slots[i]!)) * idf));
    for (const slot of [0, 65_000, 65_900])
      expect([...rows.score({ indices: [1e6 + slot], values: [1] }, undefined).slots]).toEqual([slot]);
    rows = reloaded(rows, createSparseRows());
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
