/** Where the user was: a height of the page's head, or an image of the grid (see grid/bands.ts). */
export type ScrollPlace =
  | { readonly top: number }
  | { readonly section: string; readonly index: number; readonly offset: number };

/**
 * Remembers for each entry of the tab's history where its page was scrolled to. The browser's own memory is of
 * no use where most of the page's images are not known yet after a reload.
 */
export const STORED_PLACES = 'semblance.places';
const MOST = 60;

const places = new Map<string, ScrollPlace>();
/** From the start, or Back or Forward, until the grid has found its place: what happens in between says nothing. */
let moving = true;

export function startScrollMemory(): void {
  history.scrollRestoration = 'manual';
  if (entryOf(history.state) === null) history.replaceState({ entry: newEntry() }, '');
  addEventListener('popstate', () => {
    moving = true;
  });
  addEventListener('pagehide', () => {
    const latest = [...places].slice(-MOST);
    try {
      sessionStorage.setItem(STORED_PLACES, JSON.stringify(latest));
    } catch {
      // The tab's storage is full: the page then opens at its top.
    }
  });
}

/** A state for history.pushState. */
export const nextEntry = (): unknown => ({ entry: newEntry() });

export function rememberPlace(place: ScrollPlace): void {
  const entry = entryOf(history.state);
  if (moving || entry === null) return;
  places.delete(entry);
  places.set(entry, place);
}

/** The place of the entry that the history is at now; from here on places are remembered again. */
export function recallPlace(): ScrollPlace | null {
  moving = false;
  const entry = entryOf(history.state);
  return entry === null ? null : (places.get(entry) ?? null);
}

/** Back and Forward between images over the same grid move nothing. */
export function placeStays(): void {
  moving = false;
}

/** Puts in what the tab remembered before a reload. */
export function restorePlaces(stored: readonly (readonly [string, ScrollPlace])[]): void {
  for (const [entry, place] of stored) places.set(entry, place);
}

const newEntry = (): string =>
  crypto.getRandomValues(new Uint32Array(2)).reduce((text, part) => text + part.toString(36), '');

function entryOf(state: unknown): string | null {
  if (typeof state !== 'object' || state === null || !('entry' in state)) return null;
  return typeof state.entry === 'string' ? state.entry : null;
}
