import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eachGroup, encodeGroups, numberAt } from './weight-groups.ts';

const number = fc.oneof(fc.nat(200), fc.integer({ min: 65_530, max: 65_540 }), fc.nat(2 ** 31 - 1));

it('gives back the terms of each weight, of a run among others', () => {
  const groups = fc.array(fc.tuple(number, fc.array(number, { minLength: 1, maxLength: 300 })), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(
      groups.map(each => new Map(each)),
      fc.nat(9),
      (expected, before) => {
        const run = encodeGroups(expected);
        const bytes = new Uint8Array(before + run.length + 9).fill(255);
        bytes.set(run, before);
        const found = new Map<number, number[]>();
        eachGroup(bytes, before, before + run.length, (weight, from, to, width) => {
          const terms = found.get(weight) ?? [];
          for (let at = from; at < to; at += width) terms.push(numberAt(bytes, at, width));
          found.set(weight, terms);
        });
        const sorted = (map: ReadonlyMap<number, readonly number[]>) =>
          new Map([...map].map(([weight, terms]) => [weight, terms.toSorted((a, b) => a - b)]));
        expect(sorted(found)).toEqual(sorted(expected));
      },
    ),
  );
});
