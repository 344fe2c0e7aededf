import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuse } from './ranking.ts';

const list = (...ids: string[]) => ids.map((id, i) => ({ id, score: ids.length - i }));

test('each list adds 1/(2 + rank)', () => {
  const fused = fuse([list('a', 'b'), list('b', 'c')]);
  expect(fused).toEqual([
    { id: 'b', score: 1 / 3 + 1 / 2, ranks: [1, 0] },
    { id: 'a', score: 1 / 2, ranks: [0, null] },
    { id: 'c', score: 1 / 3, ranks: [null, 1] },
  ]);
});

test('equal scores order by id, whatever order the lists come in', () => {
  expect(fuse([list('z'), list('a')]).map(({ id }) => id)).toEqual(['a', 'z']);
});

test('a weight of 0 adds nothing', () => {
  expect(fuse([list('a'), list('b')], { weights: [0, 1] })).toMatchObject([
    { id: 'b', score: 0.5 },
    { id: 'a', score: 0 },
  ]);
});

const scored = fc
  .array(fc.integer({ min: 0, max: 4 }), { maxLength: 30 })
  .map(scores => scores.map((score, i) => ({ id: String(i).padStart(3, '0'), score })));

test('fusing is the same however ties are shuffled', () => {
  fc.assert(
    fc.property(scored, scored, fc.nat(), (a, b, seed) => {
      const shuffled = a.toSorted(
        (x, y) => ((Number(x.id) * 31 + seed) % 7) - ((Number(y.id) * 31 + seed) % 7),
      );
      expect(fuse([shuffled, b])).toEqual(fuse([a, b]));
    }),
  );
});
