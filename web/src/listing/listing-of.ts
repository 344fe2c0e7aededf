import { api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import { filterOf, queryOf } from '../api/find-images.ts';
import { findImage } from '../search/search-image.ts';
import { formatAddress, hasQuery, type SearchState } from '../state/search-state.ts';
import type { Listing } from './listing.ts';

/** Code of the error where the address names an image that this tab doesn't have. */
export const LOST_IMAGE = 'lost_image';

/** Images fetched in one request; 100 is the most that the API gives. */
const PAGE_SIZE = 60;
/** Contract: skip + count ≤ 10,000. */
export const DEEPEST = 10_000;

/** What a search lists; without a query all images in its order, as far as the filters let them through. */
export function listingOf(search: SearchState): Listing {
  if (hasQuery(search)) return searchListing(search);
  return randomListing(search);
}

/** The key says all that the response depends on, and nothing else: another order is no other search. */
const keyOf = (search: SearchState): string =>
  formatAddress({
    place: 'images',
    open: null,
    search: hasQuery(search) ? { ...search, order: 'taken', seed: 0 } : search,
  });

function searchListing(search: SearchState): Listing {
  return {
    key: keyOf(search),
    fetchSections: null,
    runOf: () => '',
    async fetchPart(_, cursor, signal) {
      const files = await filesOf(search);
      const skip = Number(cursor ?? 0);
      const count = Math.min(PAGE_SIZE, DEEPEST - skip);
      const query = { ...queryOf(search), filter: filterOf(search.filters), explain: true, skip, count };
      const page = await api.query(
        cursor === null ? { ...query, facets: ['categories'] } : query,
        files,
        signal,
      );
      return { ...page, next: nextSkip(skip, count, page.result.length) };
    },
  };
}

function randomListing(search: SearchState): Listing {
  return {
    key: keyOf(search),
    fetchSections: null,
    runOf: () => '',
    async fetchPart(_, cursor, signal) {
      const skip = Number(cursor ?? 0);
      const count = Math.min(PAGE_SIZE, DEEPEST - skip);
      const page = await api.random({ ...filterOf(search.filters), skip, count, seed: search.seed }, signal);
      return { ...page, next: nextSkip(skip, count, page.result.length) };
    },
  };
}

/** Where the next part begins; null where this one was the last, or as deep as the API goes. */
const nextSkip = (skip: number, count: number, found: number): string | null =>
  found < count || skip + count >= DEEPEST ? null : String(skip + count);

async function filesOf({ references }: SearchState): Promise<Blob[]> {
  const keys = references.flatMap(({ kind, key }) => (kind === 'file' ? [key] : []));
  const files = await Promise.all(keys.map(findImage));
  return files.map(file => {
    if (!file) throw new ApiError(404, LOST_IMAGE, '');
    return file;
  });
}
