import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reloaded } from './testing-image.ts';
import { createUniqueColumn } from './unique-column.ts';

/** Two whose hashes are equal, and others. */
const few = ['7zvr19fc', '6uke7w23', 'a', '', undefined, null, 5];
const value = fc.constantFrom(...few, ...'bcdefghijklmnop');
const values = fc.oneof(fc.array(fc.constantFrom(...few)), fc.array(value, { minLength: 10 }));

it('finds the slots of values, as a map of them does, and after it was loaded from an image', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(200), value)), values, (changes, wanted) => {
      const stored = new Map<number, unknown>();
      const create = () => createUniqueColumn(slot => stored.get(slot));
      const column = create();
      for (const [slot, each] of changes) {
        stored.set(slot, each);
        column.set(slot, each);
      }
      const expected = [...stored].flatMap(([slot, each]) =>
        typeof each === 'string' && wanted.includes(each) ? [slot] : [],
      );
      expect(column.among(wanted)).toEqual(new Set(expected));
      expect(reloaded(column, create()).among(wanted)).toEqual(new Set(expected));
    }),
  );
});

it('reads no slot but those of the hash', () => {
  const read: number[] = [];
  const column = createUniqueColumn(slot => void read.push(slot));
  for (const [slot, each] of ['a', 'b', 'a', undefined].entries()) column.set(slot, each);
  column.among(['a']);
  expect(read).toEqual([0, 2]);
});
