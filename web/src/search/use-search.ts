import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ApiError, isOffline, WAKE } from '../api/api-error.ts';
import { findImages, PAGE_SIZE } from '../api/find-images.ts';
import type { Hit, Page } from '../api/types.ts';
import type { SearchState } from '../state/search-state.ts';
import { findImage } from './search-image.ts';

/** Code of the error where the address names an image that this tab doesn't have. */
export const LOST_IMAGE = 'lost_image';

/** Contract: skip + count ≤ 10,000. */
const DEEPEST = 10_000;

/** The images of a search, page by page, each once. */
export function useSearch(search: SearchState, seed: number) {
  const query = useInfiniteQuery({
    queryKey: ['search', search, seed],
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }) => {
      const image = search.image === null ? null : await findImage(search.image);
      if (search.image !== null && !image) throw new ApiError(404, LOST_IMAGE, '');
      return findImages(search, image, { skip: pageParam, seed, signal });
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

/** An image indexed between two pages shifts the rest by one; it is shown once all the same. */
function unique(hits: readonly Hit[]): readonly Hit[] {
  const seen = new Set<string>();
  return hits.filter(({ img }) => !seen.has(img.id) && seen.add(img.id));
}
