import { expect, test } from 'vitest';
import { inReadingOrder } from './reading-order.ts';

const at = (name: string, x: number, y: number, width = 100, height = 20) => ({
  name,
  corners: [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ] as const,
});
const order = (...parts: ReturnType<typeof at>[]) =>
  inReadingOrder(parts, part => part.corners).map(row => row.map(({ name }) => name).join(' '));

test('rows from the top, each from the left, however they were found', () => {
  expect(order(at('d', 200, 52), at('b', 200, 4), at('c', 0, 50), at('a', 0, 0))).toEqual(['a b', 'c d']);
});

test('parts of different height on one baseline are one row', () => {
  expect(order(at('2.50', 300, 10, 60, 20), at('Espresso', 0, 0, 200, 40))).toEqual(['Espresso 2.50']);
});

test('a tall column beside rows does not join them', () => {
  expect(order(at('column', 0, 0, 40, 300), at('one', 100, 20), at('two', 100, 140))).toEqual([
    'one',
    'column',
    'two',
  ]);
});

test('nothing gives nothing', () => {
  expect(order()).toEqual([]);
});
