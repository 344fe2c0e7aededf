import { describe, expect } from 'vitest';
import type { CallOptions } from '../documented-api.ts';
import type { Suite } from '../suite-helpers.ts';

export function filtersCases(suite: Suite): void {
  const { check, idsOf, idOf } = suite;
  describe('filters', () => {
    const filtered = (query: CallOptions['query']) =>
      idsOf('GET', '/search/random', { query: { count: 100, ...query } }).then(ids => new Set(ids));
    const keys = (...names: string[]) => new Set(names.map(idOf));
    const all = ['cat', 'cat-2', 'dog', 'pizza', 'car', 'rocket', 'words'];

    check('GET /search/random', 'starred, both ways and omitted', async () => {
      expect(await filtered({ starred: true })).toEqual(keys('car'));
      expect(await filtered({ starred: false })).toEqual(keys(...all.filter(key => key !== 'car')));
      expect(await filtered({})).toEqual(keys(...all));
    });
    check(
      'GET /search/random',
      'categories: any of, trimmed, case-sensitive, empty, only commas',
      async () => {
        expect(await filtered({ categories: 'pets' })).toEqual(keys('cat-2', 'dog'));
        expect(await filtered({ categories: ' indoor , nothing' })).toEqual(keys('cat-2'));
        expect(await filtered({ categories: 'Pets' })).toEqual(new Set());
        expect(await filtered({ categories: '' })).toEqual(keys(...all));
        expect(await filtered({ categories: ',,' })).toEqual(new Set());
      },
    );
    check('GET /search/random', 'categories_negative keeps those without', async () => {
      expect(await filtered({ categories_negative: 'indoor' })).toEqual(
        keys(...all.filter(key => key !== 'cat-2')),
      );
      expect(await filtered({ categories: 'pets', categories_negative: 'indoor' })).toEqual(keys('dog'));
    });
    check('GET /search/random', 'size and ratio', async () => {
      expect(await filtered({ min_width: 500 })).toEqual(keys('car', 'words'));
      expect(await filtered({ min_width: 0, min_height: -3 })).toEqual(keys(...all));
      expect(await filtered({ min_height: 310, min_width: 310 })).toEqual(
        keys('cat', 'dog', 'pizza', 'rocket'),
      );
      expect(await filtered({ preferred_ratio: 3 })).toEqual(keys('car', 'words'));
      expect(await filtered({ preferred_ratio: 1.3, ratio_tolerance: 0.05 })).toEqual(keys('cat-2'));
      expect(await filtered({ ratio_tolerance: 0.05 })).toEqual(keys(...all));
    });
  });
}
