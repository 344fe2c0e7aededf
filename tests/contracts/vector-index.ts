import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Filter } from '../../shared/vectors/filter.ts';
import type {
  CollectionSchema,
  Order,
  OrderPosition,
  Point,
  StoredParts,
  VectorIndex,
} from '../../shared/vectors/vector-index.ts';
import { expectAsNaive } from './vector-index-property.ts';

/** The collection of the suite: small vectors, every type of payload field. */
export const CONTRACT_SCHEMA: CollectionSchema = {
  vectors: { vision: 8, ocr: 4 },
  sparse: ['ocr_terms'],
  hashes: ['hash'],
  payload: {
    name: 'keyword',
    tags: 'keyword',
    digest: 'unique',
    width: 'integer',
    rank: 'integer',
    ratio: 'float',
    starred: 'bool',
    taken_at: 'datetime',
    phrase: 'phrase',
  },
};

export type OpenVectorIndex = () => Promise<VectorIndex>;

const id = (n: number): string => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;

/** A vector whose cosine to another is told by their angles: unit length in the plane of the first two axes. */
const angle = (degrees: number, dimension = 8): Float32Array => {
  const vector = new Float32Array(dimension);
  vector[0] = Math.cos((degrees * Math.PI) / 180);
  vector[1] = Math.sin((degrees * Math.PI) / 180);
  return vector;
};

const point = (n: number, degrees: number, payload: Point['payload'] = {}): Point => ({
  id: id(n),
  vectors: { vision: angle(degrees) },
  payload,
});

const ids = (found: readonly { id: string }[]): string[] => found.map(each => each.id);

/**
 * What every VectorIndex must do.
 * @param open an empty index of CONTRACT_SCHEMA, each time another; the suite bootstraps and closes it
 */
export function describeVectorIndex(name: string, open: OpenVectorIndex, runs = 60): void {
  describe(name, () => {
    let index: VectorIndex;
    const fresh = (points: readonly Point[] = []): void => {
      beforeAll(async () => {
        index = await open();
        await index.bootstrap();
        await index.upsert(points);
      });
      afterAll(() => index.close());
    };

    describe('points', () => {
      fresh();

      it('are found as soon as upsert returns, with vectors at unit length', async () => {
        await index.upsert([
          {
            ...point(1, 0, { name: 'a', list: [{ deep: '猫' }] }),
            vectors: { vision: new Float32Array([3, 4, 0, 0, 0, 0, 0, 0]) },
          },
        ]);
        const [stored] = await index.retrieve([id(1)], { vectors: ['vision', 'ocr'] });
        expect(stored).toEqual({
          id: id(1),
          payload: { name: 'a', list: [{ deep: '猫' }] },
          vectors: { vision: Float32Array.of(0.6, 0.8, 0, 0, 0, 0, 0, 0) },
        });
      });
      it('are replaced whole: vectors and payload that are not named again are gone', async () => {
        await index.upsert([
          {
            ...point(2, 0, { name: 'a', starred: true }),
            sparse: { ocr_terms: { indices: [7], values: [1] } },
          },
        ]);
        await index.upsert([{ id: id(2), vectors: { ocr: angle(0, 4) }, payload: { tags: ['x'] } }]);
        const [stored] = await index.retrieve([id(2)], { vectors: ['vision', 'ocr'] });
        expect(stored?.payload).toEqual({ tags: ['x'] });
        expect(Object.keys(stored?.vectors ?? {})).toEqual(['ocr']);
        expect(
          await index.query([{ using: 'ocr_terms', sparse: { indices: [7], values: [1] }, limit: 9 }]),
        ).toEqual([[]]);
        expect(await index.count({ must: [{ key: 'starred', match: { value: true } }] })).toBe(0);
      });
      it('come back in the order of the ids, unknown ones left out', async () => {
        await index.upsert([point(3, 0), point(4, 0)]);
        expect(ids(await index.retrieve([id(4), id(99), id(3)]))).toEqual([id(4), id(3)]);
      });
      it('are gone after delete, as often as one likes', async () => {
        await index.upsert([point(5, 0, { name: 'gone' })]);
        await index.delete([id(5), id(98)]);
        await index.delete([id(5)]);
        expect(await index.retrieve([id(5)])).toEqual([]);
        expect(await index.count({ must: [{ key: 'name', match: { value: 'gone' } }] })).toBe(0);
        await index.upsert([point(5, 0, { name: 'back' })]);
        expect((await index.retrieve([id(5)]))[0]?.payload).toEqual({ name: 'back' });
      });
      it('take a patch: top-level keys merge, null deletes, unknown ids are ignored', async () => {
        await index.upsert([point(6, 0, { name: 'a', width: 5, extra: { x: 1 } })]);
        await index.setPayload([id(6), id(97)], { width: 6, name: null, extra: { y: 2 } });
        expect((await index.retrieve([id(6)]))[0]?.payload).toEqual({ width: 6, extra: { y: 2 } });
        expect(
          ids(
            (await index.scroll({ filter: { must: [{ key: 'width', match: { value: 6 } }] }, limit: 9 }))
              .points,
          ),
        ).toEqual([id(6)]);
        expect(await index.retrieve([id(97)])).toEqual([]);
      });
      it('may be none: empty lists do nothing', async () => {
        await index.upsert([]);
        await index.delete([]);
        await index.setPayload([], { name: 'x' });
        expect(await index.retrieve([])).toEqual([]);
        expect(await index.query([])).toEqual([]);
      });
    });

    describe('queries', () => {
      fresh([
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
        const [found = []] = await index.query([{ using: 'vision', nearest: angle(20), limit: 10 }]);
        expect(ids(found)).toEqual([id(2), id(1), id(3), id(4)]);
        expect(found.map(({ score }) => Math.round(score * 1e4) / 1e4)).toEqual([
          0.9848, 0.9397, 0.766, -0.9397,
        ]);
      });
      it('cut at the limit and at a score that must be exceeded', async () => {
        const query = { using: 'vision', nearest: angle(0), limit: 2 };
        expect(ids((await index.query([query]))[0] ?? [])).toEqual([id(1), id(2)]);
        expect(ids((await index.query([{ ...query, scoreThreshold: 0.9 }]))[0] ?? [])).toEqual([id(1)]);
      });
      it('find what has a hash like the one they name, also after it changed', async () => {
        const alike = { key: 'hash', hash: '00000000ffff0000', bits: 4 };
        const query = { using: 'vision', nearest: angle(0), limit: 10, alike };
        await index.setPayload([id(1), id(2), id(3)], { hash: 'aaaaaaaaaaaaaaaa' });
        await index.setPayload([id(2)], { hash: '00000001ffff0001' });
        const [found = []] = await index.query([query]);
        expect(ids(found)).toContain(id(2));
        expect(found.find(each => each.id === id(2))?.score).toBeCloseTo(Math.cos(Math.PI / 6), 6);
        const [above = []] = await index.query([{ ...query, scoreThreshold: 0.9 }]);
        expect(ids(above)).not.toContain(id(2));
      });
      it('take a filter before the limit', async () => {
        const filter: Filter = { must: [{ key: 'width', range: { gt: 100 } }] };
        expect(
          ids((await index.query([{ using: 'vision', nearest: angle(0), limit: 1, filter }]))[0] ?? []),
        ).toEqual([id(2)]);
      });
      it('are answered as one batch, each by its own list', async () => {
        const responses = await index.query([
          { using: 'vision', nearest: angle(180), limit: 1 },
          { using: 'ocr', nearest: angle(0, 4), limit: 1 },
        ]);
        expect(responses.map(ids)).toEqual([[id(4)], [id(5)]]);
      });
      it('score best by the nearest example, and negatives that win push below zero', async () => {
        const best = { positive: [angle(0)], negative: [angle(60)] };
        const [found = []] = await index.query([{ using: 'vision', best, limit: 10 }]);
        const sigmoid = (x: number): number => 0.5 * (x / (1 + Math.abs(x)) + 1);
        const cos = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);
        expect(found.find(each => each.id === id(1))?.score).toBeCloseTo(sigmoid(1), 5);
        expect(found.find(each => each.id === id(3))?.score).toBeCloseTo(-sigmoid(1), 5);
        expect(found.find(each => each.id === id(4))?.score).toBeCloseTo(-sigmoid(cos(120)), 5);
      });
      it('weigh sparse terms by their rarity, and find only what shares one', async () => {
        const [found = []] = await index.query([
          { using: 'ocr_terms', sparse: { indices: [1, 2, 9], values: [1, 1, 1] }, limit: 9 },
        ]);
        const idf = (df: number): number => Math.log((2 - df + 0.5) / (df + 0.5) + 1);
        expect(ids(found)).toEqual([id(5), id(6)]);
        expect(found[0]?.score).toBeCloseTo(idf(1) + 2 * idf(2), 5);
        expect(found[1]?.score).toBeCloseTo(3 * idf(2), 5);
        const told = await index.idf('ocr_terms', [1, 9, 2]);
        expect(told[0]).toBeCloseTo(idf(1), 5);
        expect(told[1]).toBeUndefined();
        expect(told[2]).toBeCloseTo(idf(2), 5);
        expect(await index.idf('ocr_terms', [])).toEqual([]);
      });
    });

    describe('filters', () => {
      fresh([
        point(1, 0, {
          name: 'cat',
          digest: 'da39',
          tags: ['a', 'b'],
          width: 10,
          ratio: 0.5,
          starred: true,
          taken_at: '2026-01-01T08:00:00+08:00',
          phrase: '新 年 sale today',
        }),
        point(2, 0, {
          name: '猫',
          digest: '猫',
          tags: [],
          width: 20,
          ratio: 1.5,
          starred: false,
          taken_at: '2026-06-01T00:00:00Z',
          phrase: 'today Sale',
        }),
        point(3, 0, { name: null, tags: ['b', 'c'], width: 30 }),
        { id: id(4), vectors: { ocr: angle(0, 4) }, payload: { name: 'cats' } },
      ]);
      const matching = async (filter: Filter): Promise<number[]> => {
        const { points } = await index.scroll({ filter, limit: 100 });
        expect(await index.count(filter)).toBe(points.length);
        return points.map(each => Number.parseInt(each.id, 16));
      };

      it.each<[string, Filter, number[]]>([
        ['a word, whole and exact', { must: [{ key: 'name', match: { value: 'cat' } }] }, [1]],
        ['a word in Chinese', { must: [{ key: 'name', match: { value: '猫' } }] }, [2]],
        ['any element of a list', { must: [{ key: 'tags', match: { any: ['a', 'c'] } }] }, [1, 3]],
        ['any of nothing', { must: [{ key: 'tags', match: { any: [] } }] }, []],
        ['an element outside a list', { must: [{ key: 'tags', match: { except: ['b'] } }] }, [1, 3]],
        [
          'none of a list, missing fields kept',
          { must_not: [{ key: 'tags', match: { any: ['a'] } }] },
          [2, 3, 4],
        ],
        ['a unique word', { must: [{ key: 'digest', match: { value: 'da39' } }] }, [1]],
        ['several unique words', { must: [{ key: 'digest', match: { any: ['猫', 'da39', 'x'] } }] }, [1, 2]],
        ['not a unique word', { must_not: [{ key: 'digest', match: { value: 'da39' } }] }, [2, 3, 4]],
        [
          'a unique word and more',
          {
            must: [
              { key: 'digest', match: { any: ['猫', 'da39'] } },
              { key: 'width', range: { gt: 10 } },
            ],
          },
          [2],
        ],
        ['a number', { must: [{ key: 'width', match: { value: 20 } }] }, [2]],
        ['a range with both ends', { must: [{ key: 'width', range: { gt: 10, lte: 30 } }] }, [2, 3]],
        ['a range of fractions', { must: [{ key: 'ratio', range: { gte: 0.5, lt: 1.5 } }] }, [1]],
        ['a flag', { must: [{ key: 'starred', match: { value: true } }] }, [1]],
        [
          'dates in any zone',
          { must: [{ key: 'taken_at', range: { gte: '2026-01-01T00:00:00Z', lt: '2026-01-01T00:00:01Z' } }] },
          [1],
        ],
        [
          'a phrase, case ignored, in order',
          { must: [{ key: 'phrase', match: { phrase: 'SALE today' } }] },
          [1],
        ],
        ['a phrase of single characters', { must: [{ key: 'phrase', match: { phrase: '新 年' } }] }, [1]],
        ['no part of a word', { must: [{ key: 'phrase', match: { phrase: 'sal' } }] }, []],
        ['empty: missing, null and []', { must: [{ is_empty: { key: 'tags' } }] }, [2, 4]],
        ['empty: null', { must: [{ is_empty: { key: 'name' } }] }, [3]],
        ['null alone', { must: [{ is_null: { key: 'name' } }] }, [3]],
        ['ids', { must: [{ has_id: [id(2), id(77)] }] }, [2]],
        ['a vector', { must: [{ has_vector: 'ocr' }] }, [4]],
        [
          'one of several',
          {
            should: [
              { key: 'width', match: { value: 10 } },
              { key: 'name', match: { value: 'cats' } },
            ],
          },
          [1, 4],
        ],
        [
          'nested',
          {
            must: [
              {
                should: [
                  { key: 'starred', match: { value: true } },
                  { must_not: [{ has_vector: 'vision' }] },
                ],
              },
            ],
          },
          [1, 4],
        ],
        ['nothing asked', {}, [1, 2, 3, 4]],
      ])('match %s', async (_, filter, expected) => {
        expect(await matching(filter)).toEqual(expected);
      });

      it.each<[string, Filter]>([
        ['without an index', { must: [{ key: 'nope', match: { value: 'x' } }] }],
        ['of another type', { must: [{ key: 'width', match: { value: 'x' } }] }],
        ['without an index, deep inside', { must_not: [{ should: [{ is_empty: { key: 'nope' } }] }] }],
      ])('reject a field %s, wherever they are asked', async (_, filter) => {
        const rejected = expect.objectContaining({
          code: 'index_rejected',
          message: expect.stringContaining('Index required'),
        });
        await expect(index.count(filter)).rejects.toEqual(rejected);
        await expect(index.scroll({ filter, limit: 1 })).rejects.toEqual(rejected);
        await expect(index.query([{ using: 'vision', nearest: angle(0), limit: 1, filter }])).rejects.toEqual(
          rejected,
        );
      });

      it('count values of a field over matching points, most first, then by value', async () => {
        expect(await index.facet({ key: 'tags', limit: 9 })).toEqual([
          { value: 'b', count: 2 },
          { value: 'a', count: 1 },
          { value: 'c', count: 1 },
        ]);
        const filter: Filter = { must: [{ key: 'width', range: { lt: 25 } }] };
        expect(await index.facet({ key: 'tags', filter, limit: 1 })).toEqual([{ value: 'a', count: 1 }]);
        expect(await index.facet({ key: 'starred', limit: 9 })).toEqual([
          { value: false, count: 1 },
          { value: true, count: 1 },
        ]);
      });
    });

    describe('pages', () => {
      const all = Array.from({ length: 25 }, (_, i) => point(25 - i, i, { width: i }));
      fresh(all);

      it('go through every point once, ascending, without gap', async () => {
        const seen: string[] = [];
        let offset: string | undefined;
        do {
          const { points, next } = await index.scroll({ limit: 10, offset });
          seen.push(...ids(points));
          offset = next ?? undefined;
        } while (offset !== undefined);
        expect(seen).toEqual(all.map(each => each.id).sort());
      });
      it('begin with the offset, or after it where no point has it', async () => {
        expect(ids((await index.scroll({ limit: 2, offset: id(24) })).points)).toEqual([id(24), id(25)]);
        await index.delete([id(24)]);
        expect(ids((await index.scroll({ limit: 2, offset: id(24) })).points)).toEqual([id(25)]);
      });
      it('bring of the payload what is asked for, and vectors', async () => {
        await index.setPayload([id(1)], { name: 'a', tags: ['b'] });
        const first = async (parts: StoredParts) => (await index.scroll({ limit: 1, ...parts })).points[0];
        expect((await first({}))?.payload).toEqual({ name: 'a', tags: ['b'], width: 24 });
        expect((await first({ payload: ['name', 'nope'] }))?.payload).toEqual({ name: 'a' });
        for (const payload of [false, []]) expect((await first({ payload }))?.payload).toEqual({});
        expect((await first({ vectors: ['vision'] }))?.vectors).toEqual({ vision: expect.any(Float32Array) });
        const [stored] = await index.retrieve([id(1)], { payload: ['tags'] });
        expect(stored).toEqual({ id: id(1), payload: { tags: ['b'] }, vectors: {} });
      });
      it('end exactly: a full last page has no next', async () => {
        expect((await index.scroll({ limit: 24 })).next).toBeNull();
      });
    });

    describe('an order', () => {
      const many = Array.from({ length: 23 }, (_, i) =>
        point(i + 1, i, {
          width: i % 3,
          rank: i % 2,
          taken_at: `20${10 + i}-01-01T00:00:00+0${i % 9}:00`,
        }),
      );
      fresh([...many, point(90, 0), point(91, 0, { width: 1, rank: 0, taken_at: null })]);

      const walk = async (order: Order, filter?: Filter): Promise<number[]> => {
        const seen: number[] = [];
        let after: OrderPosition | undefined;
        do {
          const page = await index.scrollOrdered({ order, limit: 4, filter, after });
          seen.push(...page.points.map(each => Number.parseInt(each.id, 16)));
          after = page.next ?? undefined;
        } while (after);
        return seen;
      };
      const numbers = many.map((_, i) => i + 1);

      it('by date goes through every point once, those without a date last', async () => {
        expect(await walk({ keys: ['taken_at'], direction: 'asc' })).toEqual([...numbers, 90, 91]);
        expect(await walk({ keys: ['taken_at'], direction: 'desc' })).toEqual([
          ...numbers.toReversed(),
          90,
          91,
        ]);
      });
      it('of equal values is by id in either direction', async () => {
        const group = (width: number) => numbers.filter(n => (n - 1) % 3 === width);
        expect(await walk({ keys: ['width'], direction: 'desc' })).toEqual([
          ...group(2),
          ...[...group(1), 91],
          ...group(0),
          90,
        ]);
      });
      it('goes on by the next field where values are equal', async () => {
        const group = (width: number, rank: number) =>
          numbers.filter(n => (n - 1) % 3 === width && (n - 1) % 2 === rank);
        expect(await walk({ keys: ['width', 'rank'], direction: 'asc' })).toEqual([
          ...[...group(0, 0), ...group(0, 1)],
          ...[...group(1, 0), 91, ...group(1, 1)],
          ...[...group(2, 0), ...group(2, 1)],
          90,
        ]);
      });
      it('keeps to a filter', async () => {
        const filter: Filter = { must: [{ key: 'width', match: { value: 2 } }] };
        expect(await walk({ keys: ['taken_at'], direction: 'desc' }, filter)).toEqual(
          numbers.filter(n => (n - 1) % 3 === 2).toReversed(),
        );
      });
      it('goes on where it was after the last point seen is gone, and shows what changed', async () => {
        const order: Order = { keys: ['taken_at'], direction: 'asc' };
        const { next } = await index.scrollOrdered({ order, limit: 4 });
        await index.delete([id(4)]);
        await index.setPayload([id(1)], { taken_at: '2099-01-01T00:00:00Z' });
        const { points } = await index.scrollOrdered({ order, limit: 2, after: next ?? undefined });
        expect(ids(points)).toEqual([id(5), id(6)]);
        const { points: first } = await index.scrollOrdered({ order, limit: 1 });
        expect(ids(first)).toEqual([id(2)]);
        const last = await index.scrollOrdered({ order: { ...order, direction: 'desc' }, limit: 1 });
        expect(ids(last.points)).toEqual([id(1)]);
      });
      it('ends exactly: a full last page has no next', async () => {
        const order: Order = { keys: ['rank'], direction: 'asc' };
        const all = await index.count();
        expect((await index.scrollOrdered({ order, limit: all })).next).toBeNull();
        expect((await index.scrollOrdered({ order, limit: all - 1 })).next).not.toBeNull();
      });
      it('by a field that has none is rejected', async () => {
        for (const key of ['name', 'starred', 'nope'])
          await expect(
            index.scrollOrdered({ order: { keys: [key], direction: 'asc' }, limit: 1 }),
          ).rejects.toMatchObject({ code: 'index_rejected' });
      });
    });

    describe('ranked pages', () => {
      // copies of three vectors: most scores are equal
      const all = Array.from({ length: 60 }, (_, i) => point(60 - i, (i % 3) * 30, { width: i % 5 }));
      fresh(all);
      const nearest = { using: 'vision', nearest: angle(0) };

      it('are windows of one list: best first, equal scores by id', async () => {
        const [whole = []] = await index.query([{ ...nearest, limit: 60 }]);
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
          const [page = []] = await index.query([{ ...nearest, offset, limit }]);
          expect(ids(page)).toEqual(ids(expected.slice(offset, offset + limit)));
        }
      });
      it('bring of the payload what is asked for', async () => {
        const asked = { ...nearest, limit: 2, offset: 3 };
        const [bare, named, whole] = await index.query([
          asked,
          { ...asked, payload: ['width'] },
          { ...asked, payload: true },
        ]);
        expect(bare?.[0]).toEqual({ id: id(12), score: expect.any(Number) });
        expect(named?.[0]).toMatchObject({ id: id(12), payload: { width: 3 } });
        expect(whole?.[0]).toMatchObject({ id: id(12), payload: { width: 3 } });
      });
    });

    describe('a sample', () => {
      fresh(Array.from({ length: 30 }, (_, i) => point(i, i, { width: i })));

      it('is of the points that match, each once, in another order each time', async () => {
        const filter: Filter = { must: [{ key: 'width', range: { lt: 20 } }] };
        const orders = new Set<string>();
        for (let i = 0; i < 5; i++) {
          const points = await index.sample({ filter, limit: 100 });
          expect(ids(points).sort()).toEqual(Array.from({ length: 20 }, (_, n) => id(n)));
          expect(points.every(({ payload }) => typeof payload['width'] === 'number')).toBe(true);
          orders.add(ids(points).join());
        }
        expect(orders.size).toBeGreaterThan(1);
        expect(await index.sample({ filter, limit: 3 })).toHaveLength(3);
      });
    });

    describe('a shuffle', () => {
      fresh(Array.from({ length: 30 }, (_, i) => point(i, i, { width: i })));
      const whole = { skip: 0, limit: 100 };

      it('is of all points, the same for the same seed, in windows that fit together', async () => {
        const all = await index.shuffle({ ...whole, seed: 'a' });
        expect(ids(all).toSorted()).toEqual(Array.from({ length: 30 }, (_, n) => id(n)));
        const scores = all.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        expect(scores.every(score => score > 0 && score < 1)).toBe(true);
        const windows = [0, 7, 14, 21, 28].map(skip => index.shuffle({ seed: 'a', skip, limit: 7 }));
        expect((await Promise.all(windows)).flat()).toEqual(all);
        expect(ids(await index.shuffle({ ...whole, seed: 'b' }))).not.toEqual(ids(all));
      });

      it('only loses the points that a filter takes out', async () => {
        const filter: Filter = { must: [{ key: 'width', range: { lt: 20 } }] };
        const all = await index.shuffle({ ...whole, seed: 'a' });
        const kept = all.filter(each => each.id < id(20));
        expect(await index.shuffle({ ...whole, filter, seed: 'a' })).toEqual(kept);
      });
    });

    describe('mistakes', () => {
      fresh([point(1, 0)]);
      const rejected = (message: RegExp) =>
        expect.objectContaining({ code: 'index_rejected', message: expect.stringMatching(message) });

      it('in a size or name of a vector are rejected, and nothing is written', async () => {
        await expect(index.query([{ using: 'vision', nearest: angle(0, 3), limit: 1 }])).rejects.toEqual(
          rejected(/expected dim: 8, got 3/),
        );
        await expect(index.query([{ using: 'nope', nearest: angle(0), limit: 1 }])).rejects.toEqual(
          rejected(/nope/),
        );
        const wrong = { ...point(3, 0), vectors: { vision: angle(0, 3) } };
        await expect(index.upsert([point(2, 0), wrong])).rejects.toEqual(rejected(/expected dim: 8, got 3/));
        expect(await index.count()).toBe(1);
      });
      it('in an id, a number or a limit are rejected', async () => {
        await expect(index.upsert([{ ...point(1, 0), id: 'x' }])).rejects.toEqual(rejected(/./));
        await expect(
          index.upsert([{ ...point(1, 0), vectors: { vision: angle(Number.NaN) } }]),
        ).rejects.toEqual(rejected(/./));
        await expect(index.query([{ using: 'vision', nearest: angle(0), limit: 0 }])).rejects.toEqual(
          rejected(/./),
        );
        await expect(index.scroll({ limit: 0 })).rejects.toEqual(rejected(/./));
      });
    });

    it('is bootstrapped by two at once, and again, without harm', async () => {
      const index = await open();
      await Promise.all([index.bootstrap(), index.bootstrap()]);
      await index.upsert([point(1, 0)]);
      await index.bootstrap();
      expect(await index.count()).toBe(1);
      await index.close();
    });

    it('answers as a plain reference does after any writes', () =>
      expectAsNaive(open, CONTRACT_SCHEMA, runs));
  });
}
