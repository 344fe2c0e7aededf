import type { Section, SectionShape } from '../listing/shape.ts';
import { justify, type Tile } from './justify.ts';

/**
 * A grid from top to bottom is a list of bands, each as wide as the page and of a known height, so that any
 * part of 100,000 images can be shown without the rest. All lengths are px.
 */
export type Band = {
  /** Index of its section in the listing. */
  readonly section: number;
  /** Number of images of the section before it. */
  readonly start: number;
  /** With the space below it. */
  readonly height: number;
} & (
  | { readonly kind: 'month'; readonly month: string; readonly count: number | null }
  | { readonly kind: 'run'; readonly name: string; readonly count: number }
  | { readonly kind: 'row'; readonly tiles: readonly Tile[] }
  /** Images that are not known yet; `count` null where their number is unknown. */
  | { readonly kind: 'blank'; readonly count: number | null }
);

export const GAP = 8;
const MONTH_HEIGHT = 64;
const RUN_HEIGHT = 44;
/** Width / height of a photograph, for images that are not known yet. */
const USUAL_RATIO = 1.35;

/** About three rows on a phone, five on a desk. */
export const targetHeight = (width: number): number => (width < 560 ? 150 : width < 1000 ? 190 : 230);

/**
 * The bands of a section: its month, then for each run a heading and rows. Rows of one run never hold images of
 * the next. A run without a name has no heading.
 */
export function bandsOf(
  section: Section,
  shape: SectionShape,
  index: number,
  width: number,
): readonly Band[] {
  if (width <= 0) return [];
  const bands: Band[] = [];
  const { month, count } = section;
  if (month !== null)
    bands.push({ kind: 'month', section: index, start: 0, height: MONTH_HEIGHT, month, count });
  let start = 0;
  const headed = new Set(['']);
  for (const run of shape.runs) {
    // A later part may come back to a run: it has its heading already.
    if (!headed.has(run.name))
      bands.push({
        kind: 'run',
        section: index,
        start,
        height: RUN_HEIGHT,
        name: run.name,
        count: run.count,
      });
    headed.add(run.name);
    const ratios = shape.ratios.slice(start, start + run.count);
    for (const row of justify(ratios, width, targetHeight(width), GAP)) {
      const first = start;
      bands.push({
        kind: 'row',
        section: index,
        start: first + (row.tiles[0]?.index ?? 0),
        height: row.height + GAP,
        tiles: row.tiles.map(tile => ({ index: first + tile.index, width: tile.width })),
      });
    }
    start += run.count;
  }
  if (shape.complete) return bands;
  const left = count === null ? null : Math.max(0, count - start);
  if (left === 0) return bands;
  return [...bands, { kind: 'blank', section: index, start, count: left, height: blankHeight(left, width) }];
}

/** The height that so many images will have, roughly; of an unknown number, three rows. */
function blankHeight(count: number | null, width: number): number {
  const height = targetHeight(width);
  const rowHeight = height + GAP;
  if (count === null) return 3 * rowHeight;
  const perRow = Math.max(1, width / (height * USUAL_RATIO + GAP));
  // A day's last row is half empty, and each day has a heading; a month of few images has few days.
  const days = Math.min(24, Math.ceil(count / 4));
  return Math.round(rowHeight * Math.max(1, count / perRow) + days * (RUN_HEIGHT + rowHeight / 2));
}

/** A place in a listing: an image of a section, or a share of one that is not known yet. */
export type Anchor = { readonly section: string; readonly index: number; readonly offset: number };

/** All bands with the offset of each from the top; `offsets` has one more than bands, the whole height. */
export type Stack = {
  readonly bands: readonly Band[];
  readonly offsets: Float64Array;
};

export function stack(sections: readonly (readonly Band[])[]): Stack {
  const bands = sections.flat();
  const offsets = new Float64Array(bands.length + 1);
  for (let i = 0; i < bands.length; i++) offsets[i + 1] = offsets[i]! + bands[i]!.height;
  return { bands, offsets };
}

/** Index of the band at this height; the first or last beyond the ends; −1 in an empty stack. */
export function bandAt({ bands, offsets }: Stack, y: number): number {
  let low = 0;
  let high = bands.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsets[middle]! <= y) low = middle;
    else high = middle - 1;
  }
  return high < 0 ? -1 : low;
}

/** Index of the band that has an image, or stands for it while it is not known; −1 where there is none. */
export function bandOfImage({ bands }: Stack, section: number, index: number): number {
  let low = 0;
  let high = bands.length - 1;
  let found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const band = bands[middle]!;
    const beyond = band.section > section || (band.section === section && band.start > index);
    if (beyond) high = middle - 1;
    else {
      found = middle;
      low = middle + 1;
    }
  }
  // The last band that begins at or before the image is its row, since headings come before their rows.
  return found !== -1 && bands[found]?.section === section ? found : -1;
}

/** What is at this height, in a form by which it is found again after images became known or the width changed. */
export function anchorAt(layout: Stack, sections: readonly Section[], y: number): Anchor | null {
  const { bands, offsets } = layout;
  let at = bandAt(layout, y);
  // A heading is found again by what stands under it.
  while (bands[at]?.kind === 'month' || bands[at]?.kind === 'run') at += 1;
  const band = bands[at];
  const section = band && sections[band.section];
  if (!band || !section) return null;
  const into = y - offsets[at]!;
  // Within a heading, too, where nothing below it is known yet.
  if (band.kind !== 'blank' || into < 0) return { section: section.key, index: band.start, offset: into };
  const share = Math.min(1, into / band.height);
  return { section: section.key, index: band.start + Math.floor(share * (band.count ?? 1)), offset: 0 };
}

/** The height of what an anchor names; null where its section is not there. */
export function heightOf(layout: Stack, sections: readonly Section[], anchor: Anchor): number | null {
  const section = sections.findIndex(({ key }) => key === anchor.section);
  if (section === -1) return null;
  const at = bandOfImage(layout, section, anchor.index);
  const band = layout.bands[at];
  if (!band) return null;
  const top = layout.offsets[at]!;
  if (band.kind !== 'blank' || anchor.offset < 0) return top + anchor.offset;
  const share = band.count ? Math.min(1, (anchor.index - band.start) / band.count) : 0;
  return top + share * band.height;
}
