import type { Rectangle } from './min-area-rectangle.ts';
import type { Area } from './rgb-image.ts';

/** Part of an image to look at more closely. */
export type CloserArea = {
  readonly area: Area;
  /** px; three in ten of its lines are lower. */
  readonly lineHeight: number;
};

/** Share of the lines of an area that may be lower than the height it is looked at for. */
const LOWER = 0.3;

/** Two areas are looked at as one where that is at most so many times as large as both. */
const WORTH_JOINING = 1.2;

type Group = {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly heights: readonly number[];
};

/**
 * Joins regions that are to be looked at more closely to areas that don't overlap, each with a margin around its
 * regions.
 * @param margin px, beside one and a half times a region's height
 */
export function closerAreas(
  regions: readonly Rectangle[],
  { width, height }: { readonly width: number; readonly height: number },
  margin: number,
): CloserArea[] {
  let groups = regions.map(region => around(region, margin));
  for (let before = groups.length + 1; groups.length < before; ) {
    before = groups.length;
    const joined: Group[] = [];
    for (const group of groups) {
      const i = joined.findIndex(other => belongTogether(other, group));
      if (i < 0) joined.push(group);
      else joined[i] = join(joined[i]!, group);
    }
    groups = joined;
  }
  return groups.map(group => {
    const left = Math.max(0, Math.floor(group.left));
    const top = Math.max(0, Math.floor(group.top));
    const heights = group.heights.toSorted((a, b) => a - b);
    return {
      area: {
        left,
        top,
        width: Math.min(width, Math.ceil(group.right)) - left,
        height: Math.min(height, Math.ceil(group.bottom)) - top,
      },
      lineHeight: heights[Math.floor(heights.length * LOWER)]!,
    };
  });
}

function around({ x, y, width, height, angle }: Rectangle, margin: number): Group {
  const lineHeight = Math.min(width, height);
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const alongX = (cos * width + sin * height) / 2 + 1.5 * lineHeight + margin;
  const alongY = (cos * height + sin * width) / 2 + 1.5 * lineHeight + margin;
  return { left: x - alongX, top: y - alongY, right: x + alongX, bottom: y + alongY, heights: [lineHeight] };
}

const join = (a: Group, b: Group): Group => ({
  left: Math.min(a.left, b.left),
  top: Math.min(a.top, b.top),
  right: Math.max(a.right, b.right),
  bottom: Math.max(a.bottom, b.bottom),
  heights: [...a.heights, ...b.heights],
});

const sizeOf = ({ left, top, right, bottom }: Group): number => (right - left) * (bottom - top);

function belongTogether(a: Group, b: Group): boolean {
  const overlap = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return overlap || sizeOf(join(a, b)) < WORTH_JOINING * (sizeOf(a) + sizeOf(b));
}
