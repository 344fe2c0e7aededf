import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCtc, joinTranscripts } from './ctc.ts';

const CLASSES = ['', 'a', 'b', ' '];

/** Steps by their likeliest class and the belief in it. */
const steps = (...likeliest: [best: number, belief: number][]): Float32Array =>
  Float32Array.from(
    likeliest.flatMap(([best, belief]) => CLASSES.map((_, i) => (i === best ? belief : (1 - belief) / 3))),
  );

test('repetitions are one character unless a blank parts them', () => {
  expect(decodeCtc(steps([1, 0.9], [1, 0.9], [0, 0.9], [1, 0.9], [2, 0.9]), CLASSES).text).toBe('aab');
});

test('the score is the mean over characters without spaces, and the least certain is returned', () => {
  const { text, score, least } = decodeCtc(steps([1, 0.9], [3, 0.5], [2, 0.7]), CLASSES);
  expect(text).toBe('a b');
  expect(score).toBeCloseTo(0.8, 5);
  expect(least).toBeCloseTo(0.7, 5);
});

test('blanks and spaces alone are nothing', () => {
  expect(decodeCtc(steps([0, 0.9], [3, 0.9]), CLASSES)).toEqual({ text: '', score: 0, least: 0 });
});

test('any text comes out of steps that spell it with blanks between', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1 }), letters => {
      const spelled = letters.flatMap((letter): [number, number][] => [
        [letter, 0.9],
        [0, 0.9],
      ]);
      expect(decodeCtc(steps(...spelled), CLASSES).text).toBe(letters.map(i => CLASSES[i]).join(''));
    }),
  );
});

test('slices of a line are one text, parted where a new word begins', () => {
  const read = (text: string, score: number) => ({ text, score, least: score });
  const joined = joinTranscripts([
    { read: read('Emer', 1), newWord: true },
    { read: read('gency', 0.7), newWord: false },
    { read: read('', 0), newWord: true },
    { read: read('exit', 0.9), newWord: true },
  ]);
  expect(joined.text).toBe('Emergency exit');
  expect(joined.score).toBeCloseTo((4 + 5 * 0.7 + 4 * 0.9) / 13, 5);
  expect(joined.least).toBe(0.7);
  expect(joinTranscripts([])).toEqual({ text: '', score: 0, least: 0 });
});
