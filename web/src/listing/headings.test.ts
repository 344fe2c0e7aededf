import { describe, expect, it } from 'vitest';
import type { Hit } from '../api/types.ts';
import { fitHeadings, monthWithin, NEAREST } from './headings.ts';

const hits = (bands: readonly Hit['band'][]) => bands.map(band => ({ band }) as Hit);
const none = Array.from({ length: 30 }, () => 'none' as const);

describe('fitHeadings', () => {
  it('draws one line, after the last image that fits', () => {
    const headings = fitHeadings(hits(['strong', 'none', 'weak', ...none]));
    expect(headings.slice(0, 3)).toEqual(['', '', '']);
    expect(new Set(headings.slice(3))).toEqual(new Set([NEAREST]));
  });

  it('judges no handful of images', () => {
    expect(fitHeadings(hits(['none', 'weak', 'none']))).toEqual(['', '', '']);
  });

  it('draws no line where nothing fits', () => {
    expect(new Set(fitHeadings(hits(none)))).toEqual(new Set(['']));
  });
});

describe('monthWithin', () => {
  it('knows the days of a month, and keeps to the filter', () => {
    expect(monthWithin('2024-02', { from: null, to: null })).toEqual({
      date_from: '2024-02-01',
      date_to: '2024-02-29',
    });
    expect(monthWithin('2024-02', { from: '2024-02-10', to: '2024-02-20' })).toEqual({
      date_from: '2024-02-10',
      date_to: '2024-02-20',
    });
    expect(monthWithin('2024-12', { from: '2023-01-01', to: '2025-01-01' }).date_to).toBe('2024-12-31');
  });
});
