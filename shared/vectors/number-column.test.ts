import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Cell } from './cells.ts';
import { createNumberColumn } from './number-column.ts';
import { reloaded } from './testing-image.ts';

/** Markers, fractions, lists and missing cells, and at some places thousands of different numbers. */
const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.constantFrom<Cell>(undefined, null, -1, -2, -3, -1000, -2000, -3000, 0.1, 1e15, 1.7e15 + 10, [], [1, 2]),
  fc.integer({ min: 0, max: 50 }),
  fc.integer({ min: 0, max: 50 }).map(n => 1.7e15 + 1000 * n),
);
const step = fc.oneof(
  { weight: 9, arbitrary: fc.record({ slot: fc.nat(20), cell }) },
  { weight: 3, arbitrary: fc.constant('many' as const) },
);
const MANY = 5000;

it('has what was set last, of few and of many different numbers, also from an image', () => {
  fc.assert(
    fc.property(
      fc.array(step),
      fc.boolean(),
      fc.constantFrom('float' as const, 'datetime' as const),
      (steps, reload, type) => {
        let column = createNumberColumn(type);
        const expected: Cell[] = [];
        const set = (slot: number, value: Cell): void => {
          column.set(slot, value);
          expected[slot] = value;
        };
        for (const each of steps) {
          if (each !== 'many') set(each.slot, each.cell);
          else for (let n = 0; n < MANY; n++) set(n, type === 'datetime' ? 1.6e15 + n * 1000 : n / 8);
          if (reload) column = reloaded(column, createNumberColumn(type));
        }
        const isLarge = (value: Cell): boolean => typeof value === 'number' && value > 25;
        const large = column.where(isLarge);
        for (let slot = 0; slot < expected.length; slot++) {
          if (!(slot in expected)) continue;
          expect(column.at(slot)).toEqual(expected[slot]);
          expect(large(slot)).toBe(isLarge(expected[slot]));
        }
        const tallied = [...column.tally(expected.length, undefined)].reduce(
          (sum, [, count]) => sum + count,
          0,
        );
        expect(tallied).toBe(expected.length);
      },
    ),
    { numRuns: 80 },
  );
});
