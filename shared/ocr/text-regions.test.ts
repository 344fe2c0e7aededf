import { expect, test } from 'vitest';
import { type TextMap, textRegions } from './text-regions.ts';

const OPTIONS = { threshold: 0.3, minScore: 0.5, unclip: 1.6 };

/** A map with filled rectangles: left, top, width, height, belief. */
function mapOf(...filled: [number, number, number, number, number][]): TextMap {
  const [width, height] = [120, 60];
  const data = new Uint8Array(width * height);
  for (const [left, top, wide, high, belief] of filled) {
    for (let y = top; y < top + high; y++) data.fill(belief, y * width + left, y * width + left + wide);
  }
  return { data, width, height };
}

test('a middle grows to the size of its letters by area × unclip ÷ perimeter on each side', () => {
  const [region] = textRegions(mapOf([20, 10, 60, 6, 255]), OPTIONS);
  const grown = (1.6 * 60 * 6) / (60 + 6);
  expect(region?.rectangle).toMatchObject({ x: 50, y: 13, angle: 0 });
  expect(region?.rectangle.width).toBeCloseTo(60 + grown, 5);
  expect(region?.rectangle.height).toBeCloseTo(6 + grown, 5);
  expect(region?.score).toBe(1);
});

test('what touches only by a corner is one region, what does not is two', () => {
  expect(textRegions(mapOf([10, 10, 20, 5, 255], [30, 15, 20, 5, 255]), OPTIONS)).toHaveLength(1);
  expect(textRegions(mapOf([10, 10, 20, 5, 255], [31, 16, 20, 5, 255]), OPTIONS)).toHaveLength(2);
});

test('faint or thin regions are left out', () => {
  const faint: [number, number, number, number, number] = [10, 10, 60, 6, 110];
  expect(textRegions(mapOf(faint), OPTIONS)).toEqual([]);
  expect(textRegions(mapOf(faint), { ...OPTIONS, minScore: 0.4 })).toHaveLength(1);
  expect(textRegions(mapOf([10, 10, 60, 6, 70]), { ...OPTIONS, minScore: 0 })).toEqual([]);
  expect(textRegions(mapOf([10, 10, 60, 1, 255]), OPTIONS)).toEqual([]);
});

test('regions at the edges of the map are whole', () => {
  expect(textRegions(mapOf([0, 0, 120, 4, 255], [0, 56, 120, 4, 255]), OPTIONS)).toHaveLength(2);
});

test('a single character is held upright, also where its middle is a lozenge', () => {
  const lozenge = Array.from({ length: 20 }, (_, i): [number, number, number, number, number] => {
    const half = i < 10 ? i + 1 : 20 - i;
    return [50 - half, 10 + i, 2 * half, 1, 255];
  });
  const [region] = textRegions(mapOf(...lozenge), OPTIONS);
  expect(region?.rectangle.angle).toBe(0);
  expect(region?.rectangle.width).toBeCloseTo(region?.rectangle.height ?? 0, 5);
});
