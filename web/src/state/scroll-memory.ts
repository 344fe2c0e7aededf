import { z } from 'zod/mini';
import { parseJson } from './parse-json.ts';

/** Where somebody was: a height of the page's head, or an image of the grid (see grid/bands.ts). */
const placeSchema = z.union([
  z.object({ top: z.number() }),
  z.object({ section: z.string(), index: z.number(), offset: z.number() }),
]);
export type ScrollPlace = z.infer<typeof placeSchema>;

/**
 * Remembers for each entry of the tab's history where its page was scrolled to. The browser's own memory is of
 * no use where most of the page's images are not known yet after a reload.
 */
const STORED = 'semblance.places';
const MOST = 60;

let places: Map<string, ScrollPlace> | null = null;
/** From the start, or Back or Forward, until the grid has found its place: what happens in between says nothing. */
let moving = true;

export function startScrollMemory(): void {
  history.scrollRestoration = 'manual';
  if (entryOf(history.state) === null) history.replaceState({ entry: newEntry() }, '');
  addEventListener('popstate', () => {
    moving = true;
  });
  addEventListener('pagehide', () => {
    const latest = [...read()].slice(-MOST);
    try {
      sessionStorage.setItem(STORED, JSON.stringify(latest));
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
  const all = read();
  all.delete(entry);
  all.set(entry, place);
}

/** The place of the entry that the history is at now; from here on places are remembered again. */
export function recallPlace(): ScrollPlace | null {
  moving = false;
  const entry = entryOf(history.state);
  return entry === null ? null : (read().get(entry) ?? null);
}

/** Back and Forward between images over the same grid move nothing. */
export function placeStays(): void {
  moving = false;
}

function read(): Map<string, ScrollPlace> {
  if (places) return places;
  const parsed = z.safeParse(
    z.array(z.tuple([z.string(), placeSchema])),
    parseJson(sessionStorage.getItem(STORED)),
  );
  places = new Map(parsed.success ? parsed.data : []);
  return places;
}

const newEntry = (): string =>
  crypto.getRandomValues(new Uint32Array(2)).reduce((text, part) => text + part.toString(36), '');

function entryOf(state: unknown): string | null {
  if (typeof state !== 'object' || state === null || !('entry' in state)) return null;
  return typeof state.entry === 'string' ? state.entry : null;
}
