import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LINE_HEIGHT, type LineInput } from './line-crop.ts';
import { sliceLine } from './line-slices.ts';

/** A line that is inked wherever `isInk` says so. */
function lineOf(width: number, isInk: (column: number) => boolean): LineInput {
  const planes = new Float32Array(3 * LINE_HEIGHT * width).fill(1);
  for (let row = 10; row < 38; row++) {
    for (let column = 0; column < width; column++) {
      for (let c = 0; c < 3; c++) if (isInk(column)) planes[(c * LINE_HEIGHT + row) * width + column] = -1;
    }
  }
  return { planes, width };
}

test('a line of usual length stays whole', () => {
  const line = lineOf(1_000, column => column % 20 < 14);
  expect(sliceLine(line)).toEqual([{ input: line, newWord: true }]);
});

test('slices make up the line', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2_049, max: 9_000 }), width => {
      const slices = sliceLine(lineOf(width, column => column % 20 < 14));
      expect(slices.length).toBeGreaterThan(1);
      expect(slices.reduce((sum, { input }) => sum + input.width, 0)).toBe(width);
      for (const { input } of slices) {
        expect(input.width).toBeLessThanOrEqual(2_048);
        expect(input.planes).toHaveLength(3 * LINE_HEIGHT * input.width);
      }
    }),
    { numRuns: 20 },
  );
});

test('cuts fall between letters, between words where there is a gap near', () => {
  // Letters are 14 px wide with 6 px between; every fifth is followed by a gap of 26 px
  const slices = sliceLine(lineOf(4_000, column => column % 120 < 94 && column % 20 < 14));
  let end = 0;
  for (const { input } of slices.slice(0, -1)) {
    end += input.width;
    expect(end % 120).toBeGreaterThan(94);
  }
  expect(slices.map(slice => slice.newWord)).toEqual(slices.map(() => true));
  const letters = sliceLine(lineOf(4_000, column => column % 20 < 14));
  expect(letters.map(slice => slice.newWord)).toEqual([true, ...letters.slice(1).map(() => false)]);
});
