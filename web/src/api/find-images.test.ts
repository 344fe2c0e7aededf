import { describe, expect, it } from 'vitest';
import { likeImage, type Reference } from '../state/reference.ts';
import { NO_FILTERS, NO_SEARCH } from '../state/search-state.ts';
import { criteriaNames, filterOf, queryOf } from './find-images.ts';

const ID = '648351f7-cbd4-52d0-8a23-eadccf3b9e61';
const FILE: Reference = { kind: 'file', key: 'a', weight: 1, region: null };

describe('queryOf', () => {
  it('asks for a text by what images show', () => {
    expect(queryOf({ ...NO_SEARCH, text: 'dog' })).toEqual({
      criteria: [{ text: 'dog' }],
      basis: ['vision'],
    });
  });

  it('mixes text, images and what should not be there', () => {
    const search = { ...NO_SEARCH, text: 'beach -people "sale"', references: [likeImage(ID), FILE] };
    expect(queryOf(search)).toEqual({
      criteria: [{ text: 'beach' }, { id: ID }, { file: 0 }, { text: 'people', weight: -1 }],
      words: '"sale"',
      basis: ['vision'],
    });
  });

  it('sends what each part counts', () => {
    const search = { ...NO_SEARCH, text: 'beach', textWeight: 2, references: [likeImage(ID, -0.5)] };
    expect(queryOf(search).criteria).toEqual([
      { text: 'beach', weight: 2 },
      { id: ID, weight: -0.5 },
    ]);
  });

  it('looks at what is shown and at the words', () => {
    expect(queryOf({ ...NO_SEARCH, text: '新年', basis: 'both' }).basis).toEqual(['vision', 'ocr']);
  });
});

describe('criteriaNames', () => {
  it('names each criterion, in the order of the query', () => {
    const search = { ...NO_SEARCH, text: 'beach -people', references: [likeImage(ID), FILE] };
    expect(criteriaNames(search)).toEqual(['beach', 'like this', 'your image', '−people']);
    expect(criteriaNames(search)).toHaveLength(queryOf(search).criteria?.length ?? 0);
  });
});

describe('filterOf', () => {
  it('sends nothing where nothing is narrowed', () => {
    expect(filterOf(NO_FILTERS)).toEqual({});
  });

  it.each([
    ['landscape', [1.2, 1.5, 3], [1, 0.7]],
    ['portrait', [0.8, 0.5], [1, 1.5]],
    ['square', [1, 1.05, 0.95], [1.3, 0.7]],
  ] as const)('keeps images that are %s', (shape, kept, left) => {
    const { preferred_ratio: r = 0, ratio_tolerance: tolerance = 0 } = filterOf({ ...NO_FILTERS, shape });
    const passes = (ratio: number) => ratio >= r * (1 - tolerance) && ratio <= r * (1 + tolerance);
    expect(kept.every(passes)).toBe(true);
    expect(left.some(passes)).toBe(false);
  });

  it('asks the shorter side to be large enough', () => {
    expect(filterOf({ ...NO_FILTERS, minSize: 1024 })).toEqual({ min_width: 1024, min_height: 1024 });
  });
});
