import { describe, expect, it } from 'vitest';
import type { Filter } from '../../shared/vectors/filter.ts';
import { angle, type FreshIndex, id, point } from './vector-index-collection.ts';

/** Which points a filter matches, and how the values of a field are counted. */
export function describeFilters(fresh: FreshIndex): void {
  describe('filters', () => {
    const index = fresh([
      point(1, 0, {
        name: 'cat',
        digest: 'da39',
        tags: ['a', 'b'],
        width: 10,
        ratio: 0.5,
        starred: true,
        taken_at: '2026-01-01T08:00:00+08:00',
        phrase: '新 年 sale today',
        letters: '新 年 _ s a l e _ t o d a y _',
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
      const { points } = await index().scroll({ filter, limit: 100 });
      expect(await index().count(filter)).toBe(points.length);
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
      ['letters', { must: [{ key: 'letters', match: { phrase: 'L e _ t' } }] }, [1]],
      ['letters that don’t follow', { must: [{ key: 'letters', match: { phrase: 'l _ t' } }] }, []],
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
              should: [{ key: 'starred', match: { value: true } }, { must_not: [{ has_vector: 'vision' }] }],
            },
          ],
        },
        [1, 4],
      ],
      ['no condition', {}, [1, 2, 3, 4]],
    ])('match %s', async (_, filter, expected) => {
      expect(await matching(filter)).toEqual(expected);
    });

    it.each<[string, Filter]>([
      ['without an index', { must: [{ key: 'nope', match: { value: 'x' } }] }],
      ['of another type', { must: [{ key: 'width', match: { value: 'x' } }] }],
      ['without an index, deep inside', { must_not: [{ should: [{ is_empty: { key: 'nope' } }] }] }],
    ])('reject a field %s, in every kind of request', async (_, filter) => {
      const rejected = expect.objectContaining({
        code: 'index_rejected',
        message: expect.stringContaining('Index required'),
      });
      await expect(index().count(filter)).rejects.toEqual(rejected);
      await expect(index().scroll({ filter, limit: 1 })).rejects.toEqual(rejected);
      await expect(index().query([{ using: 'vision', nearest: angle(0), limit: 1, filter }])).rejects.toEqual(
        rejected,
      );
    });

    it('count values of a field over matching points, most first, then by value', async () => {
      expect(await index().facet({ key: 'tags', limit: 9 })).toEqual([
        { value: 'b', count: 2 },
        { value: 'a', count: 1 },
        { value: 'c', count: 1 },
      ]);
      const filter: Filter = { must: [{ key: 'width', range: { lt: 25 } }] };
      expect(await index().facet({ key: 'tags', filter, limit: 1 })).toEqual([{ value: 'a', count: 1 }]);
      expect(await index().facet({ key: 'starred', limit: 9 })).toEqual([
        { value: false, count: 1 },
        { value: true, count: 1 },
      ]);
    });
  });
}
