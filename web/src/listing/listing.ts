import type { Hit, Page } from '../api/types.ts';
import type { LeftOut } from './left-out.ts';
import type { Section } from './shape.ts';

/** Images that are fetched in one request, and where the next request begins; null at the end. */
export type Part = Page & {
  readonly next: string | null;
  /** References of the search that these images were found without. */
  readonly leftOut?: readonly LeftOut[];
  /** True where they were found without more references than the first part: the listing has to begin again. */
  readonly isOutdated?: boolean;
  /** Whether the server will say how well these images fit, but can't yet: it measures that when it is first asked. */
  readonly awaitsFits?: boolean;
};

/** A part, and which one of which listing it is. */
export type LoadedPart = Part & {
  readonly origin: { readonly listing: string; readonly section: string; readonly cursor: string | null };
};

/** What a grid shows: where its images come from, section by section and part by part. */
export type Listing = {
  /** The same for the same images in the same order. */
  readonly key: string;
  /** The sections, where they are known before any image is; null for a listing in one piece. */
  readonly fetchSections: ((signal: AbortSignal) => Promise<readonly Section[]>) | null;
  readonly fetchPart: (section: Section, cursor: string | null, signal: AbortSignal) => Promise<Part>;
  /** The headings that the images of a part stand under, one for each; neighbours share theirs, '' is none. */
  readonly headingsOf: (hits: readonly Hit[]) => readonly string[];
};

/** The only section of a listing in one piece. */
export const WHOLE: Section = { key: 'all', month: null, count: null };
