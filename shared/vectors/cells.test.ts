import { describe, expect, it } from 'vitest';
import { parseMicroseconds, tokenized } from './cells.ts';

describe('a datetime', () => {
  it.each([
    ['2026-01-02T03:04:05Z', Date.UTC(2026, 0, 2, 3, 4, 5) * 1000],
    ['2026-01-02T03:04:05.678901Z', Date.UTC(2026, 0, 2, 3, 4, 5) * 1000 + 678_901],
    ['2026-01-02T03:04:05.5+08:00', Date.UTC(2026, 0, 1, 19, 4, 5) * 1000 + 500_000],
    ['2026-01-02T03:04:05-0130', Date.UTC(2026, 0, 2, 4, 34, 5) * 1000],
    ['2026-01-02T03:04:05', Date.UTC(2026, 0, 2, 3, 4, 5) * 1000],
    ['2026-01-02 03:04', Date.UTC(2026, 0, 2, 3, 4) * 1000],
    ['2026-01-02', Date.UTC(2026, 0, 2) * 1000],
    ['1969-12-31T23:59:59.9Z', -100_000],
  ])('%s is read to the microsecond', (text, expected) => {
    expect(parseMicroseconds(text)).toBe(expected);
  });
  it.each(['', 'soon', '2026-13-01', '2026-01-02T25:00:00Z', '20260102'])('%j is none', text => {
    expect(parseMicroseconds(text)).toBeUndefined();
  });
});

it('a phrase is its lower-case words between single spaces, full-width space and all', () => {
  expect(tokenized(' Hello\n 新　年 ')).toBe(' hello 新 年 ');
});
