/** The place of a tile in the grid, px. */
export type Tile = { readonly index: number; readonly width: number };
export type Row = { readonly height: number; readonly tiles: readonly Tile[] };

/** Panoramas and receipts are laid out as if no longer than this, and cropped, so that no row degenerates. */
const EXTREME_RATIO = 4;

/**
 * Fills rows from left to right: each gets images until at the target height they reach the full width, then
 * is scaled to fit it exactly. A row never depends on images after it, so appending a page moves no tile of
 * a full row. The last, unfilled row keeps the target height.
 * @param ratios width / height of each image
 * @param width of the container, px
 * @param targetHeight px; full rows are at most this high
 * @param gap between tiles, px
 */
export function justify(
  ratios: readonly number[],
  width: number,
  targetHeight: number,
  gap: number,
): readonly Row[] {
  if (width <= 0) return [];
  const rows: Row[] = [];
  let waiting: { index: number; ratio: number }[] = [];
  let ratioSum = 0;
  for (const [index, raw] of ratios.entries()) {
    const ratio = tileRatio(raw);
    waiting.push({ index, ratio });
    ratioSum += ratio;
    const room = width - gap * (waiting.length - 1);
    const height = room / ratioSum;
    if (height > targetHeight) continue;
    rows.push(toRow(waiting, Math.max(1, height), room));
    waiting = [];
    ratioSum = 0;
  }
  if (waiting.length > 0) rows.push(toRow(waiting, targetHeight, undefined));
  return rows;
}

const tileRatio = (ratio: number): number =>
  Number.isFinite(ratio) && ratio > 0 ? Math.min(EXTREME_RATIO, Math.max(1 / EXTREME_RATIO, ratio)) : 1;

/** Whole pixels; what rounding leaves over goes to the last tile, so that full rows end flush. */
function toRow(
  images: readonly { index: number; ratio: number }[],
  height: number,
  room: number | undefined,
): Row {
  const widths = images.map(({ ratio }) => Math.max(1, Math.floor(ratio * height)));
  const rest = room === undefined ? 0 : Math.max(0, Math.round(room) - widths.reduce((sum, w) => sum + w, 0));
  return {
    height: Math.round(height),
    tiles: images.map(({ index }, at) => ({
      index,
      width: widths[at]! + (at === images.length - 1 ? rest : 0),
    })),
  };
}
