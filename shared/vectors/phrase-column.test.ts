import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cellOf, tokenized } from './cells.ts';
import { createPhraseColumn } from './phrase-column.ts';
import { reloaded } from './testing-image.ts';

const words = fc.array(fc.constantFrom('a', 'b', 'ab', '猫', '猫咪', '💡'), { maxLength: 4 });
const change = fc.record({
  slot: fc.oneof(fc.nat(8), fc.integer({ min: 1020, max: 1026 })),
  value: fc.oneof(
    words.map(each => each.join(' ')),
    fc.constantFrom(null, undefined, 7),
  ),
});

it('finds a phrase where the text has it, after any changes', () => {
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 30 }),
      words,
      fc.boolean(),
      fc.constantFrom('phrase' as const, 'letters' as const),
      (changes, phrase, reload, type) => {
        fc.pre(phrase.length > 0);
        let column = createPhraseColumn(type);
        const naive = new Map<number, unknown>();
        for (const { slot, value } of changes) {
          column.set(slot, cellOf(type, value));
          const cell = cellOf(type, value);
          naive.set(slot, typeof cell === 'string' && cell.trim() === '' ? [] : cell);
        }
        if (reload) column = reloaded(column, createPhraseColumn(type));
        const isText = column.where(cell => typeof cell === 'string');
        const isNull = column.where(cell => cell === null);
        const wanted = tokenized(phrase.join(' '));
        const found = column.containing(wanted);
        for (const slot of [0, 1, 2, 3, 4, 5, 6, 7, 8, 1020, 1021, 1022, 1023, 1024, 1025, 1026]) {
          const cell = naive.get(slot);
          expect(column.at(slot)).toEqual(cell);
          expect(isText(slot)).toBe(typeof cell === 'string');
          expect(isNull(slot)).toBe(cell === null);
          expect(found(slot)).toBe(typeof cell === 'string' && cell.includes(wanted));
        }
      },
    ),
  );
});

it('finds no part of a word of several letters', () => {
  const column = createPhraseColumn('letters');
  column.set(0, ' a bc d ');
  for (const part of [' b ', ' c ', ' a b ', ' c d ']) expect(column.containing(part)(0), part).toBe(false);
  for (const whole of [' bc ', ' a bc ', ' bc d ']) expect(column.containing(whole)(0), whole).toBe(true);
});

it('forgets texts that were replaced, and keeps the others', () => {
  const column = createPhraseColumn('phrase');
  const text = (n: number): string => ` ${'word '.repeat(100)}n${n} `;
  for (let round = 0; round < 10; round++)
    for (let slot = 0; slot < 100; slot++) column.set(slot, text(slot * (slot === 5 ? 1 : round)));
  expect(column.at(5)).toBe(text(5));
  expect(column.at(99)).toBe(text(891));
  expect(Array.from({ length: 100 }, (_, slot) => slot).filter(column.containing(' n5 '))).toEqual([5]);
  expect(Array.from({ length: 100 }, (_, slot) => slot).filter(column.containing(' n1 '))).toEqual([]);
});
