import { expect, test } from 'vitest';
import { type Judged, joinByFit } from './judged.ts';

const list = (part: 'image' | 'words', ...fits: (readonly [id: string, fit: number])[]): Judged[] =>
  fits.map(([id, fit], i) => ({ id, score: 1 - i / 10, fit, parts: [{ part, fit }] }));

test('a list without anything that fits has no say, however it ranks', () => {
  const images = list('image', ['noise', 0.3], ['more', 0.25]);
  const words = list('words', ['right', 0.97]);
  expect(joinByFit([images, words], [1, 1]).map(({ id }) => id)).toEqual(['right', 'noise', 'more']);
});

test('weak reasons in all lists do not add up to a strong one', () => {
  const joined = joinByFit(
    [list('image', ['both', 0.85], ['one', 0.9]), list('words', ['both', 0.85])],
    [1, 1],
  );
  expect(joined[0]?.id).toBe('one');
});

test('of two that fit as well, the one that fits in both lists is first', () => {
  const joined = joinByFit([list('image', ['a', 0.9], ['b', 0.9]), list('words', ['b', 0.5])], [1, 1]);
  expect(joined.map(({ id }) => id)).toEqual(['b', 'a']);
});

test('shares add up to the score, and say the rank in each list', () => {
  const joined = joinByFit([list('image', ['a', 0.9], ['b', 0.4]), list('words', ['b', 0.7])], [1, 0.5]);
  for (const { score, ranks } of joined)
    expect(ranks.reduce((sum, each) => sum + (each?.share ?? 0), 0)).toBeCloseTo(score, 9);
  expect(joined.find(({ id }) => id === 'b')?.ranks).toMatchObject([{ rank: 1 }, { rank: 0 }]);
});

test('a weight lessens a list, and 0 silences it', () => {
  const lists = [list('image', ['a', 0.6]), list('words', ['b', 0.9])];
  expect(joinByFit(lists, [1, 0.5])[0]?.id).toBe('a');
  expect(joinByFit(lists, [1, 0]).find(({ id }) => id === 'b')?.score).toBe(0);
  expect(joinByFit(lists, [3, 3])[0]?.id).toBe('b');
});
