import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IMAGE_FORMATS } from '../../../shared/catalog/formats.ts';
import {
  type Address,
  BASES,
  filterCount,
  formatAddress,
  hasQuery,
  NO_FILTERS,
  NO_SEARCH,
  parseAddress,
  SHAPES,
  SIZES,
} from './search-state.ts';

const day = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2090-12-31'), noInvalidDate: true })
  .map(d => d.toISOString().slice(0, 10));
const id = fc.uuid();
const address: fc.Arbitrary<Address> = fc.record({
  open: fc.option(id),
  search: fc.record({
    text: fc.string({ maxLength: 60, unit: 'grapheme' }),
    like: fc.array(id, { maxLength: 8 }),
    image: fc.option(fc.stringMatching(/^[a-z0-9]{1,12}$/)),
    basis: fc.constantFrom(...BASES),
    filters: fc.record({
      starred: fc.boolean(),
      categories: fc.array(fc.string({ minLength: 1 }).filter(name => name.trim() !== '')),
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
    expect(formatAddress({ search: NO_SEARCH, open: null })).toBe('');
    expect(parseAddress('')).toEqual({ search: NO_SEARCH, open: null });
  });

  it('stays readable for a plain search', () => {
    expect(formatAddress({ search: { ...NO_SEARCH, text: '狗 dog' }, open: null })).toBe('?q=%E7%8B%97+dog');
  });

  it('leaves out whatever makes no sense', () => {
    const { search, open } = parseAddress(
      '?view=x&like=1&in=smell&format=exe&shape=round&min=3&from=2026-99-99&to=soon&category=+&q=dog',
    );
    expect(open).toBeNull();
    expect(search).toEqual({ ...NO_SEARCH, text: 'dog' });
  });

  it('never throws, whatever somebody makes of it', () => {
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
    expect(hasQuery({ ...NO_SEARCH, image: 'a' })).toBe(true);
  });
});
