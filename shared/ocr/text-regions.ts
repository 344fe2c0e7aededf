import { elongation, enclosing, minAreaRectangle, type Point, type Rectangle } from './min-area-rectangle.ts';

/**
 * Belief that each pixel belongs to the shrunk middle of a line of text, as differentiable binarization gives it
 * (Liao et al., Real-time Scene Text Detection with Differentiable Binarization, 2020).
 */
export type TextMap = {
  /** Uint8Array[width × height], 255 = certain. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
};

export type TextRegion = {
  /** Around the letters, px of the map. */
  readonly rectangle: Rectangle;
  /** Mean belief within, 0–1. */
  readonly score: number;
};

export type RegionOptions = {
  /** Belief above which a pixel counts, 0–1. */
  readonly threshold: number;
  /** Least mean belief of a region, 0–1. */
  readonly minScore: number;
  /** Regions are grown by area × unclip ÷ perimeter, since training shrinks lines to their middle. */
  readonly unclip: number;
};

/** Middles thinner than this hold no legible letters, px of the map. */
const MIN_THICKNESS = 2;

/** Connected pixels of the map, each as a rectangle grown to the size of its letters. */
export function textRegions(map: TextMap, { threshold, minScore, unclip }: RegionOptions): TextRegion[] {
  const regions: TextRegion[] = [];
  for (const { rows, score } of componentsOf(map, Math.round(threshold * 255))) {
    if (score < minScore) continue;
    const middle = middleOf(outline(rows));
    if (Math.min(middle.width, middle.height) < MIN_THICKNESS) continue;
    const grown = (unclip * middle.width * middle.height) / (middle.width + middle.height);
    regions.push({
      rectangle: { ...middle, width: middle.width + grown, height: middle.height + grown },
      score,
    });
  }
  return regions;
}

/** Below so many times as long as high, the smallest rectangle may stand on a corner of a single character. */
const SQUARE = 1.5;

function middleOf(points: readonly Point[]): Rectangle {
  const smallest = minAreaRectangle(points);
  return elongation(smallest) < SQUARE ? enclosing(points, 0) : smallest;
}

type Component = {
  /** Leftmost and rightmost pixel of each row that it touches. */
  readonly rows: ReadonlyMap<number, readonly [left: number, right: number]>;
  readonly score: number;
};

/** Pixels above the threshold that touch each other, corners included. */
function* componentsOf({ data, width, height }: TextMap, threshold: number): Generator<Component> {
  const seen = new Uint8Array(data.length);
  const stack: number[] = [];
  const visit = (index: number) => {
    if (seen[index] !== 0 || data[index]! <= threshold) return;
    seen[index] = 1;
    stack.push(index);
  };
  for (let start = 0; start < data.length; start++) {
    if (data[start]! <= threshold || seen[start] !== 0) continue;
    const rows = new Map<number, [number, number]>();
    let pixels = 0;
    let belief = 0;
    visit(start);
    for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
      const x = index % width;
      const y = (index - x) / width;
      pixels++;
      belief += data[index]!;
      const row = rows.get(y);
      if (row === undefined) rows.set(y, [x, x]);
      else {
        row[0] = Math.min(row[0], x);
        row[1] = Math.max(row[1], x);
      }
      for (let nextY = Math.max(0, y - 1); nextY <= Math.min(height - 1, y + 1); nextY++) {
        for (let nextX = Math.max(0, x - 1); nextX <= Math.min(width - 1, x + 1); nextX++) {
          visit(nextY * width + nextX);
        }
      }
    }
    yield { rows, score: belief / pixels / 255 };
  }
}

/** The outer corners of a component's pixels. */
function outline(rows: Component['rows']): Point[] {
  const points: Point[] = [];
  for (const [y, [left, right]] of rows) {
    points.push([left, y], [left, y + 1], [right + 1, y], [right + 1, y + 1]);
  }
  return points;
}
