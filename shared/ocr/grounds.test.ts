import { expect, test } from 'vitest';
import { groundsOf } from './grounds.ts';

/** A row of pixels: colour over white, and alpha. */
const image = (...pixels: [level: number, alpha: number][]) => ({
  data: Uint8Array.from(pixels.flatMap(([level]) => [level, level, level])),
  alpha: Uint8Array.from(pixels.map(([, alpha]) => alpha)),
  width: pixels.length,
  height: 1,
});

test('an image that is opaque is read over white alone', () => {
  const { data, width, height } = image([255, 255], [0, 255]);
  expect(groundsOf({ data, width, height })).toEqual([{ data, width, height }]);
  expect(groundsOf({ data, width, height, alpha: null })).toHaveLength(1);
});

test('light letters on transparency are read over black too', () => {
  // The pixels are transparent, white, and white at half strength.
  const [, black] = groundsOf(image([255, 0], [255, 255], [255, 128]));
  expect([...(black?.data ?? [])]).toEqual([0, 0, 0, 255, 255, 255, 128, 128, 128]);
});

test('dark letters on transparency are not', () => {
  expect(groundsOf(image([255, 0], [20, 255], [255, 0]))).toHaveLength(1);
});

test('a few clear pixels at the corners of an image do not count', () => {
  const opaque = Array.from({ length: 99 }, (): [number, number] => [250, 255]);
  expect(groundsOf(image([255, 0], ...opaque))).toHaveLength(1);
});
