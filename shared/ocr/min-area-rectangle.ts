export type Point = readonly [x: number, y: number];

/** A rectangle at any angle. */
export type Rectangle = {
  /** Centre, px. */
  readonly x: number;
  readonly y: number;
  /** px along the axis that is nearer to the horizontal, and across it. */
  readonly width: number;
  readonly height: number;
  /** Of the width's axis against the horizontal, clockwise as y points down; radians, within ±π/4. */
  readonly angle: number;
};

/** The rectangle's corners, clockwise from top left. */
export function cornersOf({ x, y, width, height, angle }: Rectangle): [Point, Point, Point, Point] {
  const [alongX, alongY] = [(Math.cos(angle) * width) / 2, (Math.sin(angle) * width) / 2];
  const [acrossX, acrossY] = [(-Math.sin(angle) * height) / 2, (Math.cos(angle) * height) / 2];
  return [
    [x - alongX - acrossX, y - alongY - acrossY],
    [x + alongX - acrossX, y + alongY - acrossY],
    [x + alongX + acrossX, y + alongY + acrossY],
    [x - alongX + acrossX, y - alongY + acrossY],
  ];
}

/** How many times as long as broad, at least 1. */
export const elongation = ({ width, height }: Rectangle): number =>
  Math.max(width, height) / Math.min(width, height);

/** Whether a rectangle's centre lies within another. */
export function holds(outer: Rectangle, { x, y }: Rectangle): boolean {
  const [dx, dy] = [x - outer.x, y - outer.y];
  const [cos, sin] = [Math.cos(outer.angle), Math.sin(outer.angle)];
  return (
    Math.abs(dx * cos + dy * sin) <= outer.width / 2 && Math.abs(dy * cos - dx * sin) <= outer.height / 2
  );
}

/**
 * The smallest rectangle that holds all points. One of its sides lies on a side of the convex hull (Freeman and
 * Shapira, Determining the minimum-area encasing rectangle for an arbitrary closed curve, 1975).
 * @throws RangeError without points
 */
export function minAreaRectangle(points: readonly Point[]): Rectangle {
  const hull = convexHull(points);
  let best: Rectangle | undefined;
  for (const [i, [x, y]] of hull.entries()) {
    const [nextX, nextY] = hull[(i + 1) % hull.length]!;
    const rectangle = enclosing(hull, withinQuarter(Math.atan2(nextY - y, nextX - x)));
    if (best === undefined || rectangle.width * rectangle.height < best.width * best.height) best = rectangle;
  }
  if (best === undefined) throw new RangeError('no points');
  return best;
}

/** The hull's corners in order around it (Andrew's monotone chain, 1979). */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = points.toSorted(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const half = (from: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of from) {
      while (chain.length > 1 && !turnsLeft(chain.at(-2)!, chain.at(-1)!, point)) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  const hull = [...half(sorted), ...half(sorted.toReversed())];
  return hull.length > 0 ? hull : sorted.slice(0, 1);
}

const turnsLeft = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): boolean =>
  (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0;

/** The same direction up to a quarter turn, within ±π/4. */
const withinQuarter = (angle: number): number => angle - Math.round(angle / (Math.PI / 2)) * (Math.PI / 2);

/** The smallest rectangle at this angle (radians, within ±π/4) that holds all points. */
export function enclosing(points: readonly Point[], angle: number): Rectangle {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [left, top] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [right, bottom] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [x, y] of points) {
    const along = x * cos + y * sin;
    const across = y * cos - x * sin;
    left = Math.min(left, along);
    right = Math.max(right, along);
    top = Math.min(top, across);
    bottom = Math.max(bottom, across);
  }
  const [along, across] = [(left + right) / 2, (top + bottom) / 2];
  return {
    x: along * cos - across * sin,
    y: along * sin + across * cos,
    width: right - left,
    height: bottom - top,
    angle,
  };
}
