import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ApiError, isOffline, WAKE } from '../api/api-error.ts';
import { findPictures, PAGE_SIZE } from '../api/find-pictures.ts';
import type { Hit, Page } from '../api/types.ts';
import type { SearchState } from '../state/search-state.ts';
import { findPicture } from './search-picture.ts';

/** Code of the error where the address names a picture that this tab doesn't have. */
export const LOST_PICTURE = 'lost_picture';

/** Contract: skip + count ≤ 10,000. */
const DEEPEST = 10_000;

/** The pictures of a search, page by page, each once. */
export function useSearch(search: SearchState, seed: number) {
  const query = useInfiniteQuery({
    queryKey: ['search', search, seed],
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }) => {
      const picture = search.picture === null ? null : await findPicture(search.picture);
      if (search.picture !== null && !picture) throw new ApiError(404, LOST_PICTURE, '');
      return findPictures(search, picture, { skip: pageParam, seed, signal });
    },
    getNextPageParam: (last, pages) => {
      const next = pages.length * PAGE_SIZE;
      return last.result.length < PAGE_SIZE || next + PAGE_SIZE > DEEPEST ? undefined : next;
    },
    placeholderData: keepPreviousData,
    refetchInterval: query => (isOffline(query.state.error) ? WAKE : false),
    staleTime: 5 * 60_000,
  });
  const hits = useMemo(() => unique(query.data?.pages.flatMap(page => page.result) ?? []), [query.data]);
  const first = query.data?.pages[0];
  const categories = useMemo(() => categoriesOf(first, hits), [first, hits]);
  return { query, hits, notice: first?.notice ?? null, categories };
}

/** Those that the server counted, else those that are seen. */
function categoriesOf(first: Page | undefined, hits: readonly Hit[]): readonly string[] {
  const counted = first?.facets.categories?.map(({ value }) => String(value));
  return counted ?? [...new Set(hits.flatMap(({ img }) => img.categories ?? []))].sort();
}

/** A picture indexed between two pages shifts the rest by one; it is shown once all the same. */
function unique(hits: readonly Hit[]): readonly Hit[] {
  const seen = new Set<string>();
  return hits.filter(({ img }) => !seen.has(img.id) && seen.add(img.id));
}
