import type { KeyboardEvent } from 'react';
import type { ListingView } from '../listing/use-listing.ts';
import { type Band, bandOfImage, GAP, type Stack } from './bands.ts';
import type { TileActions } from './tile.tsx';

type Grid = {
  readonly layout: Stack;
  readonly view: ListingView;
  readonly actions: TileActions;
  readonly focusTile: (id: string) => void;
};

type Row = Extract<Band, { kind: 'row' }>;

/** Arrow keys, Home and End move the focus between tiles, with Shift they select; Space selects, S stars. */
export function moveAlong(
  event: KeyboardEvent<HTMLElement>,
  { layout, view, actions, focusTile }: Grid,
): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const target = event.target;
  if (!(target instanceof HTMLElement) || !target.matches('.tile-link')) return;
  const id = target.closest<HTMLElement>('.tile')?.dataset['id'];
  if (id === undefined) return;
  const image = view.hits.get(id)?.img;
  if (event.key === ' ') event.preventDefault();
  if (event.key === ' ' || event.key === 'x') actions.select(id, event);
  else if (event.key === 's' && image) actions.star?.(image);
  else if (event.key === 'm') actions.moreLike(id);
  const next = nextId(event.key, id, layout, view);
  if (next === undefined) return;
  event.preventDefault();
  if (event.shiftKey) actions.select(next, event);
  focusTile(next);
}

function nextId(key: string, id: string, layout: Stack, { shapes }: ListingView): string | undefined {
  const section = shapes.findIndex(({ ids }) => ids.includes(id));
  const ids = shapes[section]?.ids ?? [];
  const index = ids.indexOf(id);
  const at = bandOfImage(layout, section, index);
  const row = layout.bands[at];
  if (row?.kind !== 'row') return undefined;
  const idAt = (band: Row, tile: number) => shapes[band.section]?.ids[band.tiles.at(tile)?.index ?? -1];
  const place = row.tiles.findIndex(tile => tile.index === index);
  if (key === 'Home') return idAt(row, 0);
  if (key === 'End') return idAt(row, -1);
  const step =
    key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : key === 'ArrowRight' || key === 'ArrowDown' ? 1 : 0;
  if (step === 0) return undefined;
  const sideways = key === 'ArrowLeft' || key === 'ArrowRight';
  const beside = row.tiles[place + step];
  if (sideways && beside) return ids[beside.index];
  const other = nextRow(layout, at, step);
  if (!other) return undefined;
  return sideways ? idAt(other, step > 0 ? 0 : -1) : idAt(other, nearestTile(other, middleOf(row, place)));
}

function nextRow({ bands }: Stack, from: number, step: 1 | -1): Row | undefined {
  for (let at = from + step; at >= 0 && at < bands.length; at += step) {
    const band = bands[at]!;
    if (band.kind === 'row') return band;
    if (band.kind === 'blank') return undefined;
  }
  return undefined;
}

/** px from the grid's left edge to the middle of a row's tile. */
export function middleOf(row: Row, tile: number): number {
  const before = row.tiles.slice(0, tile).reduce((sum, { width }) => sum + width + GAP, 0);
  return before + (row.tiles[tile]?.width ?? 0) / 2;
}

/** The tile of a row whose middle is nearest to x. */
export function nearestTile(row: Row, x: number): number {
  const distances = row.tiles.map((_, tile) => Math.abs(middleOf(row, tile) - x));
  return distances.indexOf(Math.min(...distances));
}
