import { useSyncExternalStore } from 'react';
import type { Image } from '../api/types.ts';

/** The images that the user has selected, by id; null where the image itself is not known (any more). */
export type Selection = ReadonlyMap<string, Image | null>;

const NOTHING: Selection = new Map();
let selection: Selection = NOTHING;
const listeners = new Set<() => void>();

export const currentSelection = (): Selection => selection;

export function setSelection(next: Selection): void {
  if (next.size === 0 && selection.size === 0) return;
  selection = next.size === 0 ? NOTHING : next;
  for (const listener of listeners) listener();
}

export function toggleSelected(id: string, image: Image | null): void {
  const next = new Map(selection);
  if (!next.delete(id)) next.set(id, image);
  setSelection(next);
}

export const clearSelection = (): void => setSelection(NOTHING);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useSelection = (): Selection => useSyncExternalStore(subscribe, currentSelection);

/** Draws a tile again only when it is itself selected or no longer so. */
export const useIsSelected = (id: string): boolean =>
  useSyncExternalStore(subscribe, () => selection.has(id));

export const useIsSelecting = (): boolean => useSyncExternalStore(subscribe, () => selection.size > 0);
