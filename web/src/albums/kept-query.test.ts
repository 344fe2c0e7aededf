import { describe, expect, it } from 'vitest';
import { likeImage } from '../state/reference.ts';
import { NO_FILTERS, NO_SEARCH, type SearchState } from '../state/search-state.ts';
import { canBeKept } from './can-be-kept.ts';
import { keptQueryOf, searchOfKept } from './kept-query.ts';

const ID = '648351f7-cbd4-52d0-8a23-eadccf3b9e61';

describe('a kept search', () => {
  it.each<[string, Partial<SearchState>]>([
    ['a text', { text: 'dog on a beach' }],
    ['a text with what is unwanted and exact words', { text: 'beach -people "sale"', textWeight: 2 }],
    ['images and weights', { references: [likeImage(ID, -0.5)], basis: 'both' }],
    ['a part of an image', { references: [likeImage(ID, 1, { x: 0, y: 0.5, width: 0.5, height: 0.25 })] }],
    ['an order', { order: 'size' }],
    [
      'every filter',
      {
        text: 'x',
        filters: {
          starred: true,
          categories: ['a', 'b'],
          without: ['c'],
          formats: ['jpeg', 'png'],
          shape: 'portrait',
          minSize: 1024,
          from: '2026-01-01',
          to: '2026-02-01',
          folder: 'trips/2026',
          camera: 'Canon EOS R5',
          lens: 'RF 50mm',
        },
      },
    ],
  ])('comes back as it was: %s', (_, fields) => {
    const search = { ...NO_SEARCH, ...fields };
    expect(searchOfKept(JSON.parse(JSON.stringify(keptQueryOf(search))))).toEqual(search);
  });

  it('is an order where nothing is looked for, which the API needs', () => {
    expect(keptQueryOf({ ...NO_SEARCH, filters: { ...NO_FILTERS, starred: true } })).toEqual({
      filter: { starred: true },
      order_by: 'taken_at',
    });
  });

  it('can name no files', () => {
    expect(canBeKept({ ...NO_SEARCH, references: [likeImage(ID)] })).toBe(true);
    const file = { kind: 'file', key: 'a', weight: 1, region: null } as const;
    expect(canBeKept({ ...NO_SEARCH, references: [file] })).toBe(false);
  });

  it('is read whatever it holds', () => {
    for (const query of [null, 'x', { criteria: 'x', filter: 3 }, { basis: [] }])
      expect(() => searchOfKept(query)).not.toThrow();
  });
});
