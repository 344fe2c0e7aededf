import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPointIds } from './point-ids.ts';

/** Few different ids, many of which begin alike. */
const anyId = fc
  .tuple(fc.constantFrom('00000000', 'ffffffff', '7fffffff'), fc.integer({ min: 0, max: 9 }))
  .map(([head, n]) => `${head}-0000-4000-8000-00000000000${n}`);
const change = fc.record({ slot: fc.integer({ min: 0, max: 30 }), id: fc.option(anyId) });

it('knows after any changes which slot has which id, and their order from any text', () => {
  fc.assert(
    fc.property(fc.array(fc.array(change, { maxLength: 12 }), { maxLength: 6 }), anyId, (rounds, offset) => {
      const ids = createPointIds();
      const naive = new Map<number, string>();
      for (const changes of rounds) {
        for (const { slot, id } of changes) {
          ids.remove(slot);
          naive.delete(slot);
          if (id === null || [...naive.values()].includes(id)) continue;
          ids.set(slot, id);
          naive.set(slot, id);
        }
        const expected = [...naive].sort(([, one], [, other]) => (one < other ? -1 : 1));
        const { slots, start } = ids.ascendingFrom(offset);
        expect([...slots].map(slot => [slot, ids.at(slot)])).toEqual(expected);
        expect(start).toBe(expected.filter(([, id]) => id < offset).length);
        expect(ids.size).toBe(naive.size);
        for (const [slot, id] of naive) expect(ids.slotOf(id)).toBe(slot);
        expect(ids.slotOf(offset) === undefined).toBe(![...naive.values()].includes(offset));
      }
    }),
  );
});

it('has no slot for what is no id', () => {
  const ids = createPointIds();
  ids.set(0, '00000000-0000-0000-0000-000000000000');
  for (const text of ['', 'x', '00000000000000000000000000000000', '00000000-0000-0000-0000-00000000000G'])
    expect(ids.slotOf(text)).toBeUndefined();
});
