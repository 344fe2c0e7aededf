import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPointIds } from './point-ids.ts';
import { reloaded } from './testing-image.ts';

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
        // They are looked up before they are put in order, and after.
        const known = () => [...naive].every(([slot, id]) => ids.slotOf(id) === slot);
        expect(known()).toBe(true);
        expect(ids.slotOf(offset) === undefined).toBe(![...naive.values()].includes(offset));
        const expected = [...naive].sort(([, one], [, other]) => (one < other ? -1 : 1));
        const { slots, start } = ids.ascendingFrom(offset);
        expect([...slots].map(slot => [slot, ids.at(slot)])).toEqual(expected);
        expect(start).toBe(expected.filter(([, id]) => id < offset).length);
        expect(ids.size).toBe(naive.size);
        expect(known()).toBe(true);
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

it('finds more ids than it keeps unordered, also those of an image', () => {
  const ids = createPointIds();
  const idOf = (n: number): string =>
    `${(n * 7919).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
  const size = 20_000;
  for (let slot = 0; slot < size; slot++) ids.set(slot, idOf(slot));
  for (const each of [ids, reloaded(ids, createPointIds())]) {
    for (let slot = 0; slot < size; slot++)
      if (each.slotOf(idOf(slot)) !== slot) expect.unreachable(`${slot}`);
    expect(each.slotOf(idOf(size))).toBeUndefined();
  }
});

it('shuffles a list as it is, whatever the length of the one before', () => {
  const ids = createPointIds();
  const slots = Int32Array.from({ length: 20 }, (_, slot) => slot);
  for (const slot of slots) ids.set(slot, `00000000-0000-4000-8000-0000000000${10 + slot}`);
  const each = Float32Array.from(slots, slot => ids.shuffleScores(Int32Array.of(slot), 'seed')[0]!);
  for (const length of [5, 20, 3]) {
    const scores = ids.shuffleScores(slots.subarray(0, length), 'seed');
    expect(scores).toEqual(each.subarray(0, length));
  }
});
