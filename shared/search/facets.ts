import type { Filter } from '../vectors/filter.ts';
import type { FacetCount, VectorIndex } from '../vectors/vector-index.ts';

/** Payload fields whose values can be counted, by their public names. */
const FACET_KEYS = {
  categories: 'categories',
  formats: 'format',
  starred: 'starred',
  folders: 'folders',
  cameras: 'camera',
  lenses: 'lens',
} as const;

export type FacetName = keyof typeof FACET_KEYS;
export const FACET_NAMES = ['categories', 'formats', 'starred', 'folders', 'cameras', 'lenses'] as const;

export type Facets = Readonly<Partial<Record<FacetName, FacetCount[]>>>;

/** Values of one field that a response lists, those of most images first. */
const MOST_VALUES = 1_000;

/** How many matching images have each value of these fields. */
export async function countFacets(
  index: VectorIndex,
  names: readonly FacetName[],
  filter: Filter | undefined,
): Promise<Facets> {
  const counts = await Promise.all(
    [...new Set(names)].map(async name => [
      name,
      await index.facet({ key: FACET_KEYS[name], filter, limit: MOST_VALUES }),
    ]),
  );
  return Object.fromEntries(counts);
}
