import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinParts, NO_SHAPE, type PartShape, type Section, withPart } from '../listing/shape.ts';
import { anchorAt, bandAt, bandOfImage, bandsOf, heightOf, stack } from './bands.ts';

const WIDTH = 1000;
const part = (
  ids: readonly string[],
  cursor: string | null,
  next: string | null,
  day = '2026-01-01',
): PartShape => ({
  cursor,
  next,
  ids,
  ratios: ids.map((_, i) => [1.5, 0.75, 1, 2][i % 4]!),
  runs: [{ name: day, count: ids.length }],
});
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const month = (key: string, count: number): Section => ({ key, month: key, count });

describe('bandsOf', () => {
  it('stands for images that are not known yet, and gives way to them', () => {
    const section = month('2026-01', 50);
    const [heading, blank] = bandsOf(section, NO_SHAPE, 0, WIDTH);
    expect(heading).toMatchObject({ kind: 'month', count: 50 });
    expect(blank).toMatchObject({ kind: 'blank', count: 50, start: 0 });
    const half = joinParts([part(names('a', 20), null, 'x')]);
    expect(bandsOf(section, half, 0, WIDTH).at(-1)).toMatchObject({ kind: 'blank', count: 30, start: 20 });
    const whole = withPart(half, part(names('b', 30), 'x', null));
    expect(bandsOf(section, whole, 0, WIDTH).some(({ kind }) => kind === 'blank')).toBe(false);
  });

  it('has every image once, in order, whatever the days', () => {
    const days = fc.array(
      fc.record({ name: fc.constantFrom('', 'a', 'b', 'c'), count: fc.integer({ min: 1, max: 30 }) }),
    );
    fc.assert(
      fc.property(days, fc.integer({ min: 200, max: 2000 }), (runs, width) => {
        const count = runs.reduce((sum, run) => sum + run.count, 0);
        const shape = joinParts([
          { cursor: null, next: null, ids: names('i', count), ratios: Array(count).fill(1.3), runs },
        ]);
        const rows = bandsOf(month('m', count), shape, 0, width).flatMap(band =>
          band.kind === 'row' ? [band] : [],
        );
        expect(rows.flatMap(row => row.tiles.map(({ index }) => index))).toEqual(
          names('', count).map(Number),
        );
      }),
    );
  });

  it('ends a row where a day ends', () => {
    const shape = withPart(
      joinParts([part(names('a', 3), null, 'x', '2026-01-02')]),
      part(names('b', 3), 'x', null, '2026-01-01'),
    );
    const kinds = bandsOf(month('2026-01', 6), shape, 0, WIDTH).map(({ kind }) => kind);
    expect(kinds).toEqual(['month', 'run', 'row', 'run', 'row']);
  });
});

describe('a stack of bands', () => {
  const sections = [month('2026-02', 400), month('2026-01', 300)];
  const loaded = joinParts([part(names('a', 300), null, null)]);
  const before = stack([bandsOf(sections[0]!, NO_SHAPE, 0, WIDTH), bandsOf(sections[1]!, loaded, 1, WIDTH)]);

  it('finds the band at each height', () => {
    const height = before.offsets.at(-1)!;
    fc.assert(
      fc.property(fc.double({ min: 0, max: height - 1, noNaN: true }), y => {
        const at = bandAt(before, y);
        expect(before.offsets[at]).toBeLessThanOrEqual(y);
        expect(before.offsets[at + 1]).toBeGreaterThan(y);
      }),
    );
    expect(bandAt(stack([]), 5)).toBe(-1);
  });

  it('finds the row of each image', () => {
    for (const index of [0, 1, 57, 299]) {
      const band = before.bands[bandOfImage(before, 1, index)];
      expect(band?.kind === 'row' && band.tiles.some(tile => tile.index === index)).toBe(true);
    }
  });

  it('holds on to the image under the eye while images above it become known', () => {
    const row = bandOfImage(before, 1, 120);
    const y = before.offsets[row]! + 13;
    const anchor = anchorAt(before, sections, y)!;
    const known = joinParts([part(names('b', 400), null, null)]);
    const after = stack([bandsOf(sections[0]!, known, 0, WIDTH), bandsOf(sections[1]!, loaded, 1, WIDTH)]);
    const found = heightOf(after, sections, anchor)!;
    expect(found - 13).toBe(after.offsets[bandOfImage(after, 1, 120)]);
    expect(found).not.toBe(y);
  });

  it('finds a heading again by what stands under it', () => {
    const heading = before.bands.findIndex(band => band.kind === 'run' && band.section === 1);
    const y = before.offsets[heading]! + 5;
    expect(heightOf(before, sections, anchorAt(before, sections, y)!)).toBe(y);
  });

  it('stays about where the user jumped to within a month that is not known yet', () => {
    const anchor = anchorAt(before, sections, before.offsets[1]! + before.bands[1]!.height / 2)!;
    expect(anchor).toEqual({ section: '2026-02', index: 200, offset: 0 });
  });
});

describe('withPart', () => {
  it('takes only the part that comes next', () => {
    const first = withPart(NO_SHAPE, part(['a'], null, 'x'));
    expect(withPart(first, part(['z'], 'elsewhere', null))).toBe(first);
    expect(withPart(first, part(['b'], 'x', null)).ids).toEqual(['a', 'b']);
  });

  it('shows an image once that two parts have', () => {
    const first = withPart(NO_SHAPE, part(['a', 'b'], null, 'x'));
    expect(withPart(first, part(['b', 'c'], 'x', null)).ids).toEqual(['a', 'b', 'c']);
  });

  it('keeps what follows when a part comes again, and its identity when nothing changed', () => {
    const both = withPart(withPart(NO_SHAPE, part(['a', 'b'], null, 'x')), part(['c'], 'x', null));
    expect(withPart(both, part(['a', 'b'], null, 'x'))).toBe(both);
    expect(withPart(both, part(['a'], null, 'x')).ids).toEqual(['a', 'c']);
  });
});
