import { joinParts, NO_SHAPE, type PartShape, type SectionShape, without, withPart } from './shape.ts';

/** Shapes of one listing by the keys of its sections. */
export type ListingShapes = ReadonlyMap<string, SectionShape>;

/** Listings remembered: as many searches as the user may go back through. */
const MOST = 24;
export const STORED_SHAPES = 'semblance.shapes';
/** Characters; what a tab may store is 5 million. */
const LONGEST = 2_000_000;

const NONE: ListingShapes = new Map();
const listings = new Map<string, ListingShapes>();
const listeners = new Set<() => void>();

export function subscribeShapes(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const shapesOf = (listing: string): ListingShapes => listings.get(listing) ?? NONE;

export function recordPart(listing: string, section: string, part: PartShape): void {
  const shapes = shapesOf(listing);
  const before = shapes.get(section) ?? NO_SHAPE;
  const after = withPart(before, part);
  if (after !== before) replace(listing, new Map(shapes).set(section, after));
}

/** Starts a section again, where the server says that its number of images has changed. */
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
  notify();
}

/** Keeps the shapes of this listing for the next visit of the tab: a reload finds its place by them. */
export function storeShapes(listing: string): void {
  const sections = [...shapesOf(listing)].map(([key, { parts }]) => [key, parts]);
  const text = JSON.stringify({ key: listing, sections });
  try {
    if (text.length <= LONGEST) sessionStorage.setItem(STORED_SHAPES, text);
    else sessionStorage.removeItem(STORED_SHAPES);
  } catch {
    // The tab's storage is full: after a reload the place is then found roughly.
    sessionStorage.removeItem(STORED_SHAPES);
  }
}

/** Puts in the listing that the tab showed before a reload. */
export function restoreShapes(
  listing: string,
  sections: readonly (readonly [string, readonly PartShape[]])[],
): void {
  listings.set(listing, new Map(sections.map(([section, parts]) => [section, joinParts(parts)])));
}

function replace(listing: string, shapes: ListingShapes): void {
  listings.delete(listing);
  listings.set(listing, shapes);
  const [oldest] = listings.keys();
  if (listings.size > MOST && oldest !== undefined) listings.delete(oldest);
  notify();
}

function notify(): void {
  for (const listener of listeners) listener();
}
