import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createNumbering } from './numbering.ts';
import { reloaded } from './testing-image.ts';

const word = fc.oneof(fc.nat(50), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

it('numbers different words in the order in which they came, also those of an image', () => {
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 200, size: 'max' }),
      fc.array(word),
      fc.nat(200),
      (given, asked, at) => {
        let numbering = createNumbering();
        const expected: number[] = [];
        for (const [i, each] of given.entries()) {
          if (i === at) numbering = reloaded(numbering, createNumbering());
          if (!expected.includes(each)) expected.push(each);
          expect(numbering.give(each)).toBe(expected.indexOf(each));
        }
        expect(numbering.size).toBe(expected.length);
        expect([...numbering.words()]).toEqual(expected);
        for (const each of [...given, ...asked]) {
          const number = expected.indexOf(each);
          expect(numbering.numberOf(each)).toBe(number < 0 ? undefined : number);
        }
      },
    ),
  );
});
