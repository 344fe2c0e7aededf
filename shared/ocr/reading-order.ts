/** Corners clockwise from top left, px. */
type Corners = readonly (readonly [number, number])[];

/**
 * Two parts stand on one line when they overlap by half of the lower one's height, and the higher one is no column
 * of letters beside it.
 */
const OVERLAP = 0.5;
const MOST_TIMES_AS_HIGH = 3;

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
