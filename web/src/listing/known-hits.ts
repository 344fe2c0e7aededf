import { useMemo } from 'react';
import type { Hit, Page } from '../api/types.ts';
import type { ListingView } from './use-listing.ts';

/** The images of a listing that are loaded, in its order; the arrow keys of the large view walk along them. */
export function useHitsInOrder({ shapes, hits }: ListingView): readonly Hit[] {
  return useMemo(() => shapes.flatMap(({ ids }) => ids.flatMap(id => hits.get(id) ?? [])), [shapes, hits]);
}

/** The categories that the server counted; where it did not, those of the loaded images. */
export function categoriesOf(facets: Page['facets'] | undefined, hits: readonly Hit[]): readonly string[] {
  const counted = facets?.categories?.map(({ value }) => String(value));
  return counted ?? [...new Set(hits.flatMap(({ img }) => img.categories ?? []))].sort();
}
