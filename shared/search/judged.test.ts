import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fallingFits, type Judged, joinByFit } from './judged.ts';

const list = (part: 'image' | 'words', ...fits: (readonly [id: string, fit: number])[]): Judged[] =>
  fits.map(([id, fit], i) => ({ id, score: 1 - i / 10, fit, parts: [{ part, fit }] }));

test('a list without anything that fits has no say, however it ranks', () => {
  const images = list('image', ['noise', 0.3], ['more', 0.25]);
  const words = list('words', ['right', 0.97]);
  expect(joinByFit([images, words], [1, 1]).map(({ id }) => id)).toEqual(['right', 'noise', 'more']);
});

test('weak reasons in all lists do not add up to a strong one', () => {
  const joined = joinByFit(
    [list('image', ['one', 0.9], ['both', 0.85]), list('words', ['both', 0.85])],
    [1, 1],
  );
  expect(joined[0]?.id).toBe('one');
});

test('of two that fit as well, the one that fits in both lists is first', () => {
  const joined = joinByFit([list('image', ['a', 0.9], ['b', 0.9]), list('words', ['b', 0.6])], [1, 1]);
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

test('what is all but certain in one list comes before what is a little less so in another', () => {
  const joined = joinByFit([list('image', ['image', 0.99]), list('words', ['words', 0.9999])], [1, 1]);
  expect(joined.map(({ id }) => id)).toEqual(['words', 'image']);
});

test('a list keeps its own order where its fits say another', () => {
  const joined = joinByFit([list('image', ['first', 0.95], ['second', 0.97], ['third', 0.2])], [1]);
  expect(joined.map(({ id }) => id)).toEqual(['first', 'second', 'third']);
});

test('certain images of one list keep their order', () => {
  const joined = joinByFit([list('image', ['z', 1], ['a', 1]), list('words', ['other', 0.4])], [1, 1]);
  expect(joined.map(({ id }) => id)).toEqual(['z', 'a', 'other']);
});

const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];
/** Fits fall along a list, as its order has them. */
const anyList = fc
  .tuple(
    fc.shuffledSubarray(IDS),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
  )
  .map(([ids, fits]) => {
    const falling = fits.toSorted((a, b) => b - a);
    return list('image', ...ids.map((id, i) => [id, falling[i]!] as const));
  });

describe('whatever the lists', () => {
  const order = (lists: Judged[][]) =>
    joinByFit(
      lists,
      lists.map(() => 1),
    ).map(({ id }) => id);

  test('one more in which nothing fits changes no order', () => {
    fc.assert(
      fc.property(
        fc.array(anyList, { minLength: 1, maxLength: 3 }),
        fc.shuffledSubarray(IDS),
        (lists, ids) => {
          const before = order(lists);
          const silent = list('words', ...ids.map(id => [id, 0] as const));
          expect(order([...lists, silent]).filter(id => before.includes(id))).toEqual(before);
        },
      ),
    );
  });

  test('more evidence in one of them never lowers an image', () => {
    fc.assert(
      fc.property(anyList, anyList, fc.double({ min: 0, max: 1, noNaN: true }), (one, other, more) => {
        const [best] = one;
        if (!best) return;
        const raised = [{ ...best, fit: Math.max(best.fit, more) }, ...one.slice(1)];
        const of = (lists: Judged[][]) => joinByFit(lists, [1, 1]);
        const score = (points: ReturnType<typeof of>) => points.find(({ id }) => id === best.id)?.score ?? 0;
        expect(score(of([raised, other]))).toBeGreaterThanOrEqual(score(of([one, other])));
        const place = (points: ReturnType<typeof of>) => points.findIndex(({ id }) => id === best.id);
        expect(place(of([raised, other]))).toBeLessThanOrEqual(place(of([one, other])));
      }),
    );
  });

  test('scores fall, lie between 0 and 1, and are what the shares add up to', () => {
    fc.assert(
      fc.property(fc.array(anyList, { minLength: 1, maxLength: 3 }), lists => {
        const joined = joinByFit(lists, [1, 0.5, 0]);
        const scores = joined.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        for (const { score, ranks } of joined) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(ranks.reduce((sum, each) => sum + (each?.share ?? 0), 0)).toBeCloseTo(score, 9);
        }
      }),
    );
  });

  test('fits that are made to fall keep their sum and what falls already', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), given => {
        const sum = (fits: readonly number[]) => fits.reduce((total, fit) => total + fit, 0);
        const falling = fallingFits(given.map(fit => ({ fit })));
        for (const [i, fit] of falling.entries())
          expect(fit).toBeLessThanOrEqual((falling[i - 1] ?? 1) + 1e-12);
        expect(sum(falling)).toBeCloseTo(sum(given), 9);
        const sorted = given.toSorted((a, b) => b - a);
        expect(fallingFits(sorted.map(fit => ({ fit })))).toEqual(sorted);
      }),
    );
  });
});
