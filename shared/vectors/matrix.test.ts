import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMatrix } from './matrix.ts';

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

it('scores as plain arithmetic does, over any dimension, blocks, changes and choice of rows', () => {
  const change = fc.record({
    slot: fc.integer({ min: 0, max: 40 }),
    remove: fc.boolean(),
    seed: fc.integer(),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 70 }),
      fc.array(change, { maxLength: 120 }),
      fc.func(fc.boolean()),
      (dimension, changes, chosen) => {
        const vector = (seed: number) =>
          Float32Array.from({ length: dimension }, (_, i) => Math.sin(seed + i * i));
        const matrix = createMatrix(dimension, 7);
        const naive = new Map<number, Float32Array>();
        for (const { slot, remove, seed } of changes) {
          if (remove) {
            matrix.remove(slot);
            naive.delete(slot);
          } else {
            matrix.set(slot, vector(seed));
            naive.set(slot, vector(seed));
          }
        }
        const query = vector(1);
        expect(matrix.size).toBe(naive.size);
        for (let slot = 0; slot <= 40; slot++) expect(matrix.get(slot)).toEqual(naive.get(slot));
        const slots = [...matrix.slots()];
        const rows = Uint32Array.from(slots.keys()).filter(chosen);
        const [all, some] = [matrix.dot(query), matrix.dot(query, rows)];
        for (const [row, slot] of slots.entries())
          expect(Math.abs(all[row]! - dot(query, naive.get(slot)!))).toBeLessThan(1e-4);
        for (const [i, row] of rows.entries()) expect(some[i]).toBe(all[row]);
      },
    ),
    { numRuns: 60 },
  );
});

it('keeps what it holds while it grows', () => {
  const matrix = createMatrix(512);
  for (let slot = 0; slot < 3000; slot++) matrix.set(slot, new Float32Array(512).fill(slot));
  expect(matrix.get(0)?.[511]).toBe(0);
  expect(matrix.get(1234)?.[0]).toBe(1234);
  expect(matrix.get(2999)?.[511]).toBe(2999);
});
