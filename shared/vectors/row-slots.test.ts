import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRowSlots } from './row-slots.ts';
import { reloaded } from './testing-image.ts';

const CAPACITY = 300;
const step = fc.record({ slot: fc.oneof(fc.nat(9), fc.nat(400)), leave: fc.boolean(), reload: fc.boolean() });

it('gives every slot a row of its own, which it keeps, after any changes and from an image', () => {
  fc.assert(
    fc.property(fc.nat(310), fc.array(step, { maxLength: 60, size: 'max' }), (rising, steps) => {
      let slots = createRowSlots(CAPACITY);
      const expected = new Map<number, number>();
      let most = 0;
      const apply = (slot: number, leave: boolean): void => {
        expect(slots.has(slot)).toBe(expected.has(slot));
        if (leave && expected.delete(slot)) slots.leave(slot);
        if (leave || expected.has(slot)) return;
        const row = slots.take(slot);
        expect(row === undefined).toBe(expected.size === CAPACITY);
        if (row === undefined) return;
        expect([...expected.values()]).not.toContain(row);
        expected.set(slot, row);
        most = Math.max(most, expected.size);
      };
      for (let slot = 0; slot < rising; slot++) apply(slot, false);
      for (const { slot, leave, reload } of steps) {
        apply(slot, leave);
        if (reload) slots = reloaded(slots, createRowSlots(CAPACITY));
        for (const [each, row] of expected) expect(slots.rowOf(each)).toBe(row);
        const bySlot = new Map(Array.from(slots.slots(), (each, row) => [each, row]));
        expect(new Map([...bySlot].filter(([each]) => each >= 0))).toEqual(expected);
        expect(slots.rows).toBe(slots.slots().length);
        expect(slots.rows - slots.rows / 128).toBeLessThanOrEqual(most);
      }
    }),
  );
});
