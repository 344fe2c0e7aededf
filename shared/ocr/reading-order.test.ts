import { expect, test } from 'vitest';
import type { QuarterTurns } from './line-crop.ts';
import type { Rectangle } from './min-area-rectangle.ts';
import { inReadingOrder, rowsInReadingOrder } from './reading-order.ts';

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

const TURNS: readonly QuarterTurns[] = [0, 1, 2, 3];
const lineOf = (text: string, rectangle: Rectangle, turns: QuarterTurns) => ({
  text,
  rectangle,
  turns,
  score: 1,
  least: 1,
});

/** Lines in a text that stands upright, turned around the origin with its page. */
const page = (turn: number, ...lines: [name: string, x: number, y: number][]) =>
  rowsInReadingOrder(
    lines.map(([name, x, y]) => {
      const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
      const quarters = Math.round(turn / (Math.PI / 2));
      const size = quarters % 2 === 0 ? { width: 100, height: 20 } : { width: 20, height: 100 };
      const rectangle = {
        x: x * cos - y * sin,
        y: x * sin + y * cos,
        ...size,
        angle: turn - quarters * (Math.PI / 2),
      };
      return lineOf(name, rectangle, TURNS[(4 - quarters) % 4]!);
    }),
  ).map(row => row.map(({ text }) => text).join(' '));

test.each([0, 0.3, -0.5, Math.PI / 2, Math.PI, -Math.PI / 2, Math.PI - 0.2])(
  'a page turned by %d radians is read as it is meant',
  turn => {
    expect(page(turn, ['c', 0, 50], ['b', 200, 4], ['a', 0, 0], ['d', 205, 52])).toEqual(['a b', 'c d']);
  },
);

test('columns are read from the right', () => {
  const column = (name: string, x: number) =>
    lineOf(name, { x, y: 200, width: 30, height: 300, angle: 0 }, 3);
  const rows = rowsInReadingOrder([column('left', 100), column('right', 200), column('middle', 150)]);
  expect(rows.flat().map(({ text }) => text)).toEqual(['right', 'middle', 'left']);
});

test('a column beside rows is a text of its own', () => {
  const rows = rowsInReadingOrder([
    lineOf('column', { x: 20, y: 150, width: 40, height: 200, angle: 0 }, 3),
    lineOf('one', { x: 300, y: 60, width: 400, height: 20, angle: 0 }, 0),
    lineOf('two', { x: 300, y: 150, width: 400, height: 20, angle: 0 }, 0),
  ]);
  expect(rows.map(row => row.map(({ text }) => text))).toEqual([['one'], ['two'], ['column']]);
});
