import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IMAGE_FORMATS } from '../../../shared/catalog/formats.ts';
import { clampWeight, likeImage, type Reference, withReference } from './reference.ts';
import {
  type Address,
  albumOf,
  BASES,
  filterCount,
  formatAddress,
  hasQuery,
  NO_FILTERS,
  NO_SEARCH,
  ORDERS,
  PLACES,
  parseAddress,
  SHAPES,
  SIZES,
  START,
} from './search-state.ts';

const day = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2090-12-31'), noInvalidDate: true })
  .map(d => d.toISOString().slice(0, 10));
const id = fc.uuid();
const fraction = fc.integer({ min: 1, max: 50 }).map(n => n / 100);
const weight = fc
  .integer({ min: -12, max: 12 })
  .filter(n => n !== 0)
  .map(n => n / 4);
const region = fc.option(fc.record({ x: fraction, y: fraction, width: fraction, height: fraction }));
const reference: fc.Arbitrary<Reference> = fc.oneof(
  fc.record({ kind: fc.constant('image' as const), key: id, weight, region }),
  fc.record({
    kind: fc.constant('file' as const),
    key: fc.stringMatching(/^[a-z0-9]{1,12}$/),
    weight,
    region,
  }),
);
const name = fc.string({ minLength: 1 }).filter(text => text.trim() !== '');
const address: fc.Arbitrary<Address> = fc.record({
  place: fc.constantFrom(...PLACES),
  open: fc.option(id),
  search: fc.record({
    text: fc.string({ maxLength: 60, unit: 'grapheme' }),
    textWeight: fc.integer({ min: 1, max: 12 }).map(n => n / 4),
    references: fc.array(reference, { maxLength: 12 }),
    order: fc.constantFrom(...ORDERS),
    seed: fc.nat(),
    basis: fc.constantFrom(...BASES),
    filters: fc.record({
      starred: fc.boolean(),
      categories: fc.array(name),
      without: fc.array(name),
      folder: fc.option(name),
      camera: fc.option(name),
      lens: fc.option(name),
      formats: fc.array(fc.constantFrom(...IMAGE_FORMATS)),
      shape: fc.option(fc.constantFrom(...SHAPES)),
      minSize: fc.option(fc.constantFrom(...SIZES)),
      from: fc.option(day),
      to: fc.option(day),
    }),
  }),
});

describe('the address', () => {
  it('holds the whole search: reading it back gives the same', () => {
    fc.assert(
      fc.property(address, a => {
        expect(parseAddress(formatAddress(a))).toEqual(a);
      }),
    );
  });

  it('is empty for the start page', () => {
    expect(formatAddress(START)).toBe('');
    expect(parseAddress('')).toEqual(START);
  });

  it('stays readable for a plain search', () => {
    expect(formatAddress({ ...START, search: { ...NO_SEARCH, text: '狗 dog' } })).toBe('?q=%E7%8B%97+dog');
  });

  it('leaves out whatever makes no sense', () => {
    const { search, open } = parseAddress(
      '?view=x&like=1&place=moon&order=up&seed=x&q-weight=0&like=648351f7-cbd4-52d0-8a23-eadccf3b9e61*2*1_1&in=smell&format=exe&shape=round&min=3&from=2026-99-99&to=soon&category=+&q=dog',
    );
    expect(open).toBeNull();
    expect(search).toEqual({ ...NO_SEARCH, text: 'dog' });
  });

  it('never throws, whatever the user makes of it', () => {
    fc.assert(
      fc.property(fc.string(), query => {
        expect(() => parseAddress(query)).not.toThrow();
      }),
    );
  });
});

describe('what a search is', () => {
  it('counts a range of dates as one filter', () => {
    expect(filterCount({ ...NO_FILTERS, from: '2026-01-01', to: '2026-02-01', starred: true })).toBe(2);
  });

  it('takes blanks for no query', () => {
    expect(hasQuery({ ...NO_SEARCH, text: '  ' })).toBe(false);
    expect(hasQuery({ ...NO_SEARCH, references: [likeImage('a')] })).toBe(true);
  });

  it('takes all images of one category for an album, and nothing narrower', () => {
    const album = { ...NO_SEARCH, filters: { ...NO_FILTERS, categories: ['cats'] } };
    expect(albumOf(album)).toBe('cats');
    expect(albumOf({ ...album, text: 'black' })).toBeNull();
    expect(albumOf({ ...album, filters: { ...album.filters, starred: true } })).toBeNull();
    expect(albumOf({ ...album, filters: { ...album.filters, categories: ['cats', 'dogs'] } })).toBeNull();
  });
});

describe('what is searched for beside the text', () => {
  it('is there once, with its latest weight', () => {
    const twice = withReference(withReference([], likeImage('a')), likeImage('a', -1));
    expect(twice).toEqual([likeImage('a', -1)]);
    const part = { x: 0, y: 0, width: 0.5, height: 0.5 };
    expect(withReference(twice, likeImage('a', 1, part))).toHaveLength(2);
  });

  it('never weighs nothing', () => {
    expect(clampWeight(0, 1)).toBe(0.25);
    expect(clampWeight(0.1, -1)).toBe(-0.25);
    expect(clampWeight(9)).toBe(3);
  });
});
