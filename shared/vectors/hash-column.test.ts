import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createHashColumn } from './hash-column.ts';

/** Few different quarters, so that many are shared, and some that differ in single bits. */
const quarter = fc.constantFrom('0000', '0001', 'ffff', '8000', 'a5a5');
const hash = fc.tuple(quarter, quarter, quarter, quarter).map(quarters => quarters.join(''));
const change = fc.record({
  slot: fc.integer({ min: 0, max: 20 }),
  value: fc.oneof({ weight: 5, arbitrary: hash }, fc.constantFrom(null, undefined, 7, 'no hash')),
});

const apart = (one: string, other: string): number =>
  (BigInt(`0x${one}`) ^ BigInt(`0x${other}`)).toString(2).replaceAll('0', '').length;
const quarters = (text: string): string[] => [0, 4, 8, 12].map(at => `${at}${text.slice(at, at + 4)}`);

it('finds after any changes what shares a quarter and differs in few bits', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), hash, fc.nat({ max: 40 }), (changes, asked, bits) => {
      const column = createHashColumn();
      const naive = new Map<number, string>();
      for (const { slot, value } of changes) {
        column.set(slot, value);
        naive.delete(slot);
        if (typeof value === 'string' && value.length === 16) naive.set(slot, value);
      }
      const expected = [...naive].filter(
        ([, each]) =>
          apart(each, asked) <= bits && quarters(each).some(part => quarters(asked).includes(part)),
      );
      expect([...column.alike(asked, bits)].sort()).toEqual(expected.map(([slot]) => slot).sort());
    }),
  );
});
