import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNumberColumn } from './number-column.ts';
import { createOrderedSlots } from './ordered-slots.ts';
import { createPointIds } from './point-ids.ts';

const idOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

test('sorted in steps, between which points come, change and go, the order is that of all points', () => {
  const change = fc.record({
    slot: fc.nat(11),
    values: fc.option(fc.tuple(fc.option(fc.nat(3)), fc.option(fc.nat(3)))),
    steps: fc.nat(4),
  });
  fc.assert(
    fc.property(fc.array(change), fc.constantFrom('asc', 'desc'), (changes, direction) => {
      const ids = createPointIds();
      const columns = [createNumberColumn('integer'), createNumberColumn('integer')];
      const order = createOrderedSlots({ columns, ids }, direction, 2);
      const points = new Map<number, readonly (number | null)[]>();
      for (const { slot, values, steps } of changes) {
        order.touch(slot);
        if (points.has(slot)) ids.remove(slot);
        points.delete(slot);
        if (values) {
          ids.set(slot, idOf(slot * 7 + 3));
          points.set(slot, values);
        }
        for (const [i, column] of columns.entries()) column.set(slot, values?.[i] ?? undefined);
        let left = steps;
        for (const _ of order.sort()) if (left-- === 0) break;
      }
      const sign = direction === 'asc' ? 1 : -1;
      const wanted = [...points].toSorted(([one, a], [other, b]) => {
        for (const [i, value] of a.entries()) {
          const than = b[i] ?? null;
          if (value === null && than === null) break;
          if (value === null) return 1;
          if (than === null) return -1;
          if (value !== than) return (value - than) * sign;
        }
        return one - other;
      });
      expect([...order.after(undefined)]).toEqual(wanted.map(([slot]) => slot));
    }),
  );
});
