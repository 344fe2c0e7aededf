import { expect, test } from 'vitest';
import { brightestChannel, cropLine, LINE_HEIGHT, type QuarterTurns, turnedAround } from './line-crop.ts';
import type { RgbImage } from './rgb-image.ts';

/** Red grows to the right and green downwards, blue is full. */
const ramp = (width: number, height: number): RgbImage => ({
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [pixel % width, Math.floor(pixel / width), 255][i % 3]!;
  }),
  width,
  height,
});

const levels = (turns: QuarterTurns, rectangle = { x: 100, y: 60, width: 96, height: 48, angle: 0 }) => {
  const { planes, width } = cropLine(ramp(200, 200), rectangle, turns);
  const plane = LINE_HEIGHT * width;
  const at = (channel: number, row: number, column: number) =>
    Math.round((planes[channel * plane + row * width + column]! + 1) * 127.5);
  /** The image's x and y that a pixel of the line shows. */
  const shows = (row: number, column: number) => [at(2, row, column), at(1, row, column)];
  return { width, shows, blue: at(0, 0, 0) };
};

test('an upright line is cut as it stands, channels as blue, green and red', () => {
  const { width, shows, blue } = levels(0);
  expect(width).toBe(96);
  expect(shows(0, 0)).toEqual([52, 36]);
  expect(shows(47, 95)).toEqual([147, 83]);
  expect(blue).toBe(255);
});

test('a line on its head is turned around', () => {
  const { shows } = levels(2);
  expect(shows(0, 0)).toEqual([147, 83]);
  expect(shows(47, 95)).toEqual([52, 36]);
});

test('lines that run down or up come to lie', () => {
  const tall = { x: 100, y: 60, width: 48, height: 96, angle: 0 };
  const down = levels(3, tall);
  expect(down.width).toBe(96);
  expect(down.shows(0, 0)).toEqual([123, 12]);
  expect(down.shows(47, 95)).toEqual([76, 107]);
  const up = levels(1, tall);
  expect(up.shows(0, 0)).toEqual([76, 107]);
  expect(up.shows(47, 95)).toEqual([123, 12]);
});

test('a line of any height becomes 48 px high, its proportions kept', () => {
  expect(levels(0, { x: 100, y: 60, width: 120, height: 24, angle: 0 }).width).toBe(240);
  expect(levels(0, { x: 100, y: 100, width: 192, height: 96, angle: 0 }).width).toBe(96);
});

test('a tilted line is straightened; beyond the edge the image goes on as at its edge', () => {
  const { shows } = levels(0, { x: 100, y: 100, width: 96, height: 48, angle: Math.PI / 6 });
  const [left, right] = [shows(24, 0), shows(24, 95)];
  expect((right[1]! - left[1]!) / (right[0]! - left[0]!)).toBeCloseTo(Math.tan(Math.PI / 6), 1);
  expect(levels(0, { x: 0, y: 60, width: 96, height: 48, angle: 0 }).shows(0, 0)).toEqual([0, 36]);
});

test.each([0, 1, 2, 3] as const)('a line that was cut is turned around as if cut that way: %i', turns => {
  const rectangle = { x: 101.3, y: 58.6, width: 130, height: 62, angle: 0.2 };
  const around = turnedAround(cropLine(ramp(200, 200), rectangle, turns));
  const { planes, width } = cropLine(ramp(200, 200), rectangle, ((turns + 2) % 4) as QuarterTurns);
  expect(around.width).toBe(width);
  for (const [i, level] of planes.entries()) expect(around.planes[i]).toBeCloseTo(level, 5);
});

test('large letters are averaged, not picked', () => {
  const stripes: RgbImage = {
    data: Uint8Array.from({ length: 192 * 192 * 3 }, (_, i) => (Math.floor(i / 3 / 192) % 2 ? 255 : 0)),
    width: 192,
    height: 192,
  };
  const { planes } = cropLine(stripes, { x: 96, y: 96, width: 192, height: 192, angle: 0 }, 0);
  for (const level of planes) expect(Math.abs(level)).toBeLessThan(0.05);
});

test('by its brightest channel, white letters stand on even ground where red and white stripes were', () => {
  const plane = LINE_HEIGHT * 2;
  const planes = new Float32Array(3 * plane).fill(1);
  // The second column is red: it has no blue and no green.
  for (let row = 0; row < LINE_HEIGHT; row++) {
    planes[row * 2 + 1] = -1;
    planes[plane + row * 2 + 1] = -1;
  }
  expect(brightestChannel({ planes, width: 2 })).toEqual({
    planes: new Float32Array(3 * plane).fill(1),
    width: 2,
  });
});
