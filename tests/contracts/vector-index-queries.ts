import { describe, expect, it } from 'vitest';
import type { Filter } from '../../shared/vectors/filter.ts';
import { angle, type FreshIndex, id, ids, point } from './vector-index-collection.ts';

/** How points are ranked: by a vector, by examples, by sparse terms, in pages. */
export function describeQueries(fresh: FreshIndex): void {
  describe('queries', () => {
    const index = fresh([
      point(1, 0, { width: 100 }),
      point(2, 30, { width: 200 }),
      point(3, 60, { width: 300 }),
      point(4, 180),
      {
        id: id(5),
        vectors: { ocr: angle(0, 4) },
        sparse: { ocr_terms: { indices: [1, 2], values: [1, 2] } },
        payload: {},
      },
      {
        id: id(6),
        vectors: {},
        sparse: { ocr_terms: { indices: [2, 4_000_000_000], values: [3, 1] } },
        payload: {},
      },
    ]);

    it('rank by cosine, best first, points without the vector left out', async () => {
      const [found = []] = await index().query([{ using: 'vision', nearest: angle(20), limit: 10 }]);
      expect(ids(found)).toEqual([id(2), id(1), id(3), id(4)]);
      expect(found.map(({ score }) => Math.round(score * 1e4) / 1e4)).toEqual([
        0.9848, 0.9397, 0.766, -0.9397,
      ]);
    });
    it('cut at the limit and at a score that must be exceeded', async () => {
      const query = { using: 'vision', nearest: angle(0), limit: 2 };
      expect(ids((await index().query([query]))[0] ?? [])).toEqual([id(1), id(2)]);
      expect(ids((await index().query([{ ...query, scoreThreshold: 0.9 }]))[0] ?? [])).toEqual([id(1)]);
    });
    it('find what has a hash like the one they name, also after it changed', async () => {
      const alike = { key: 'hash', hash: '00000000ffff0000', bits: 4 };
      const query = { using: 'vision', nearest: angle(0), limit: 10, alike };
      await index().setPayload([id(1), id(2), id(3)], { hash: 'aaaaaaaaaaaaaaaa' });
      await index().setPayload([id(2)], { hash: '00000001ffff0001' });
      const [found = []] = await index().query([query]);
      expect(ids(found)).toContain(id(2));
      expect(found.find(each => each.id === id(2))?.score).toBeCloseTo(Math.cos(Math.PI / 6), 6);
      const [above = []] = await index().query([{ ...query, scoreThreshold: 0.9 }]);
      expect(ids(above)).not.toContain(id(2));
    });
    it('take a filter before the limit', async () => {
      const filter: Filter = { must: [{ key: 'width', range: { gt: 100 } }] };
      expect(
        ids((await index().query([{ using: 'vision', nearest: angle(0), limit: 1, filter }]))[0] ?? []),
      ).toEqual([id(2)]);
    });
    it('get one response for a batch, with a list for each', async () => {
      const responses = await index().query([
        { using: 'vision', nearest: angle(180), limit: 1 },
        { using: 'ocr', nearest: angle(0, 4), limit: 1 },
      ]);
      expect(responses.map(ids)).toEqual([[id(4)], [id(5)]]);
    });
    it('score best by the nearest example, and negatives that win push below zero', async () => {
      const best = { positive: [angle(0)], negative: [angle(60)] };
      const [found = []] = await index().query([{ using: 'vision', best, limit: 10 }]);
      const sigmoid = (x: number): number => 0.5 * (x / (1 + Math.abs(x)) + 1);
      const cos = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);
      expect(found.find(each => each.id === id(1))?.score).toBeCloseTo(sigmoid(1), 5);
      expect(found.find(each => each.id === id(3))?.score).toBeCloseTo(-sigmoid(1), 5);
      expect(found.find(each => each.id === id(4))?.score).toBeCloseTo(-sigmoid(cos(120)), 5);
    });
    it('weigh sparse terms by their rarity, and find only what shares one', async () => {
      const [found = []] = await index().query([
        { using: 'ocr_terms', sparse: { indices: [1, 2, 9], values: [1, 1, 1] }, limit: 9 },
      ]);
      const idf = (df: number): number => Math.log((2 - df + 0.5) / (df + 0.5) + 1);
      expect(ids(found)).toEqual([id(5), id(6)]);
      expect(found[0]?.score).toBeCloseTo(idf(1) + 2 * idf(2), 5);
      expect(found[1]?.score).toBeCloseTo(3 * idf(2), 5);
      const weights = await index().idf('ocr_terms', [1, 9, 2]);
      expect(weights[0]).toBeCloseTo(idf(1), 5);
      expect(weights[1]).toBeUndefined();
      expect(weights[2]).toBeCloseTo(idf(2), 5);
      expect(await index().idf('ocr_terms', [])).toEqual([]);
    });
  });

  describe('ranked pages', () => {
    // They are copies of three vectors, so most scores are equal.
    const all = Array.from({ length: 60 }, (_, i) => point(60 - i, (i % 3) * 30, { width: i % 5 }));
    const index = fresh(all);
    const nearest = { using: 'vision', nearest: angle(0) };

    it('are windows of one list: best first, equal scores by id', async () => {
      const [whole = []] = await index().query([{ ...nearest, limit: 60 }]);
      const expected = all.toSorted((one, other) => {
        const [a, b] = [one, other].map(({ vectors }) => vectors['vision']?.[0] ?? 0);
        return (b ?? 0) - (a ?? 0) || (one.id < other.id ? -1 : 1);
      });
      expect(ids(whole)).toEqual(ids(expected));
      for (const [offset, limit] of [
        [0, 7],
        [7, 13],
        [20, 1],
        [38, 30],
        [60, 5],
      ] as const) {
        const [page = []] = await index().query([{ ...nearest, offset, limit }]);
        expect(ids(page)).toEqual(ids(expected.slice(offset, offset + limit)));
      }
    });
    it('return the requested payload', async () => {
      const asked = { ...nearest, limit: 2, offset: 3 };
      const [bare, named, whole] = await index().query([
        asked,
        { ...asked, payload: ['width'] },
        { ...asked, payload: true },
      ]);
      expect(bare?.[0]).toEqual({ id: id(12), score: expect.any(Number) });
      expect(named?.[0]).toMatchObject({ id: id(12), payload: { width: 3 } });
      expect(whole?.[0]).toMatchObject({ id: id(12), payload: { width: 3 } });
    });
  });
}
