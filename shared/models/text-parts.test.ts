import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partsOf } from './text-parts.ts';

const upTo = (most: number) => (text: string) => text.length <= most;

test('a text that fits stays whole', () => {
  expect(partsOf('A dog. A cat.', upTo(20))).toEqual(['A dog. A cat.']);
});

test('a longer one is cut where sentences end, in either language', () => {
  expect(partsOf('A dog runs. A cat sleeps. It rains.', upTo(25))).toEqual([
    'A dog runs. A cat sleeps.',
    'It rains.',
  ]);
  expect(partsOf('一只狗在跑。一只猫在睡觉。下雨了。', upTo(8))).toEqual([
    '一只狗在跑。',
    '一只猫在睡觉。',
    '下雨了。',
  ]);
});

test('a sentence that does not fit is cut between words, and a word within it', () => {
  expect(partsOf('one two three four. Five', upTo(10))).toEqual(['one two', 'three four', '.', 'Five']);
  expect(partsOf('abcdefghij', upTo(4))).toEqual(['abcd', 'efgh', 'ij']);
});

test('every part fits, and together they are the text, up to sixteen', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a dog', ' runs. ', '狗。', 'x'.repeat(30), '😀', ' ', '\n', 'Dr. A')),
      fc.integer({ min: 2, max: 40 }),
      (pieces, most) => {
        const text = pieces.join('').trim();
        const parts = partsOf(text, upTo(most));
        const bare = (words: string) => words.replace(/\s/g, '');
        expect(parts.length).toBeLessThanOrEqual(16);
        expect(parts.every(upTo(most))).toBe(true);
        expect(bare(text).startsWith(bare(parts.join('')))).toBe(true);
        if (parts.length < 16) expect(bare(parts.join(''))).toBe(bare(text));
      },
    ),
  );
});
