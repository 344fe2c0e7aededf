import { cornersOf, type Point } from './min-area-rectangle.ts';
import { directionOf, type ReadLine } from './read-line.ts';

/** Corners clockwise from top left, px. */
type Corners = readonly Point[];

/**
 * Two parts stand on one line when they overlap by half of the lower one's height, and the higher one is no column
 * of letters beside it.
 */
const OVERLAP = 0.5;
const MOST_TIMES_AS_HIGH = 3;

/** Lines whose directions differ by no more than this (radians) are read as one text. */
const SAME_DIRECTION = 0.6;

/**
 * Rows as they are read. Lines of one direction are one text, the one with the longest line first; its rows follow
 * each other across that direction: downwards for lines that run to the right, to the left for columns.
 */
export function rowsInReadingOrder(lines: readonly ReadLine[]): ReadLine[][] {
  const [leader] = lines.toSorted((a, b) => lengthOf(b) - lengthOf(a));
  if (leader === undefined) return [];
  const turned = (line: ReadLine) => directionOf(line) - directionOf(leader);
  const along = (line: ReadLine) => Math.cos(turned(line)) > Math.cos(SAME_DIRECTION);
  const text = lines.filter(along);
  const total = text.reduce((sum, line) => sum + lengthOf(line), 0);
  const off = text.reduce((sum, line) => sum + Math.sin(turned(line)) * lengthOf(line), 0) / total;
  const [cos, sin] = [Math.cos(directionOf(leader) + off), Math.sin(directionOf(leader) + off)];
  const upright = ([x, y]: Point): Point => [x * cos + y * sin, y * cos - x * sin];
  return [
    ...inReadingOrder(text, ({ rectangle }) => cornersOf(rectangle).map(upright)),
    ...rowsInReadingOrder(lines.filter(line => !along(line))),
  ];
}

const lengthOf = ({ rectangle: { width, height } }: ReadLine): number => Math.max(width, height);

/**
 * Parts of a text as they are read: rows from top to bottom, each from left to right.
 */
export function inReadingOrder<Part>(parts: readonly Part[], cornersOf: (part: Part) => Corners): Part[][] {
  const placed = parts
    .map(part => ({ part, ...extentOf(cornersOf(part)) }))
    .sort((a, b) => a.top + a.bottom - b.top - b.bottom || a.left - b.left);
  const rows: (typeof placed)[] = [];
  for (const part of placed) {
    const row = rows.at(-1);
    const last = row?.at(-1);
    if (row && last && onOneLine(last, part)) row.push(part);
    else rows.push([part]);
  }
  return rows.map(row => row.toSorted((a, b) => a.left - b.left).map(({ part }) => part));
}

type Extent = { readonly left: number; readonly top: number; readonly bottom: number };

function onOneLine(a: Extent, b: Extent): boolean {
  const overlap = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const [lower = 0, higher = 0] = [a.bottom - a.top, b.bottom - b.top].sort((x, y) => x - y);
  return overlap > OVERLAP * lower && higher <= MOST_TIMES_AS_HIGH * lower;
}

const extentOf = (corners: Corners): Extent => {
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
};
