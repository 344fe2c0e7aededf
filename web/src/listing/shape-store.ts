import { z } from 'zod/mini';
import { parseJson } from '../state/parse-json.ts';
import { joinParts, NO_SHAPE, type PartShape, type SectionShape, without, withPart } from './shape.ts';

/** Shapes of one listing by the keys of its sections. */
export type ListingShapes = ReadonlyMap<string, SectionShape>;

/** Listings remembered: as many searches as somebody may go back through. */
const MOST = 24;
const STORED = 'semblance.shapes';
/** Characters; what a tab may store is 5 million. */
const LONGEST = 2_000_000;

const NONE: ListingShapes = new Map();
const listings = new Map<string, ListingShapes>();
const listeners = new Set<() => void>();

const storedSchema = z.object({
  key: z.string(),
  sections: z.array(
    z.tuple([
      z.string(),
      z.array(
        z.object({
          cursor: z.nullable(z.string()),
          next: z.nullable(z.string()),
          ids: z.array(z.string()),
          ratios: z.array(z.number()),
          runs: z.array(z.object({ name: z.string(), count: z.number() })),
        }),
      ),
    ]),
  ),
});

export function subscribeShapes(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The shapes of a listing; the one that was shown before a reload is restored. */
export function shapesOf(listing: string): ListingShapes {
  if (!restored) restore();
  return listings.get(listing) ?? NONE;
}

export function recordPart(listing: string, section: string, part: PartShape): void {
  const shapes = shapesOf(listing);
  const before = shapes.get(section) ?? NO_SHAPE;
  const after = withPart(before, part);
  if (after !== before) replace(listing, new Map(shapes).set(section, after));
}

/** Starts a section anew, where the server says that its number of images has changed. */
export function forgetSection(listing: string, section: string): void {
  const shapes = new Map(shapesOf(listing));
  if (shapes.delete(section)) replace(listing, shapes);
}

/** Takes images that were deleted out of every listing. */
export function forgetImages(ids: ReadonlySet<string>): void {
  for (const [listing, shapes] of listings) {
    const changed = [...shapes].filter(([, shape]) => shape.ids.some(id => ids.has(id)));
    if (changed.length === 0) continue;
    const next = new Map(shapes);
    for (const [section, shape] of changed)
      next.set(section, joinParts(shape.parts.map(part => without(part, ids))));
    listings.set(listing, next);
  }
  tell();
}

/** Keeps the shapes of this listing for the next visit of the tab: a reload finds its place by them. */
export function storeShapes(listing: string): void {
  const sections = [...shapesOf(listing)].map(([key, { parts }]) => [key, parts]);
  const text = JSON.stringify({ key: listing, sections });
  try {
    if (text.length <= LONGEST) sessionStorage.setItem(STORED, text);
    else sessionStorage.removeItem(STORED);
  } catch {
    // The tab's storage is full: after a reload the place is then found roughly.
    sessionStorage.removeItem(STORED);
  }
}

let restored = false;

function restore(): void {
  restored = true;
  const text = sessionStorage.getItem(STORED);
  if (text === null) return;
  const parsed = z.safeParse(storedSchema, parseJson(text));
  if (!parsed.success) return;
  const { key, sections } = parsed.data;
  listings.set(key, new Map(sections.map(([section, parts]) => [section, joinParts(parts)])));
}

function replace(listing: string, shapes: ListingShapes): void {
  listings.delete(listing);
  listings.set(listing, shapes);
  const [oldest] = listings.keys();
  if (listings.size > MOST && oldest !== undefined) listings.delete(oldest);
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}
