import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cellOf, tokenized } from './cells.ts';
import { createPhraseColumn } from './phrase-column.ts';

const words = fc.array(fc.constantFrom('a', 'b', 'ab', '猫', '猫咪'), { maxLength: 4 });
const change = fc.record({
  slot: fc.integer({ min: 0, max: 8 }),
  value: fc.oneof(
    words.map(each => each.join(' ')),
    fc.constantFrom(null, undefined, 7),
  ),
});

it('finds a phrase where the text has it, after any changes', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), words, (changes, phrase) => {
      fc.pre(phrase.length > 0);
      const column = createPhraseColumn();
      const naive = new Map<number, unknown>();
      for (const { slot, value } of changes) {
        column.set(slot, cellOf('phrase', value));
        const cell = cellOf('phrase', value);
        naive.set(slot, typeof cell === 'string' && cell.trim() === '' ? [] : cell);
      }
      const wanted = tokenized(phrase.join(' '));
      const found = column.containing(wanted);
      for (let slot = 0; slot <= 8; slot++) {
        const cell = naive.get(slot);
        expect(column.at(slot)).toEqual(cell);
        expect(found(slot)).toBe(typeof cell === 'string' && cell.includes(wanted));
      }
    }),
  );
});

it('forgets texts that were replaced, and keeps the others', () => {
  const column = createPhraseColumn();
  const text = (n: number): string => ` ${'word '.repeat(100)}n${n} `;
  for (let round = 0; round < 10; round++)
    for (let slot = 0; slot < 100; slot++) column.set(slot, text(slot * (slot === 5 ? 1 : round)));
  expect(column.at(5)).toBe(text(5));
  expect(column.at(99)).toBe(text(891));
  expect(Array.from({ length: 100 }, (_, slot) => slot).filter(column.containing(' n5 '))).toEqual([5]);
  expect(Array.from({ length: 100 }, (_, slot) => slot).filter(column.containing(' n1 '))).toEqual([]);
});
