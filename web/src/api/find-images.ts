import { parseQueryText } from '../state/query-text.ts';
import { type Filters, hasQuery, type SearchState, type Shape } from '../state/search-state.ts';
import { t } from '../ui/messages.ts';
import { api } from './api.ts';
import type { Page, QueryBody } from './types.ts';

export const PAGE_SIZE = 60;

/** preferred_ratio and ratio_tolerance keep r(1−t) … r(1+t); these make 1.1 and wider, 0.91 and taller, about 1. */
const SHAPE_RATIOS: Readonly<Record<Shape, { preferred_ratio: number; ratio_tolerance: number }>> = {
  landscape: { preferred_ratio: 10, ratio_tolerance: 0.89 },
  portrait: { preferred_ratio: 0.48, ratio_tolerance: 0.9 },
  square: { preferred_ratio: 1, ratio_tolerance: 0.1 },
};

type Paging = { readonly skip: number; readonly seed: number; readonly signal: AbortSignal };

/**
 * One page of what the search finds; without a query, of the whole library in the random order of the seed.
 * @param image the dropped image, where the search has one
 */
export function findImages(state: SearchState, image: Blob | null, paging: Paging): Promise<Page> {
  const { skip, seed, signal } = paging;
  const filter = filterOf(state.filters);
  const page = { skip, count: PAGE_SIZE };
  if (!hasQuery(state)) return api.random({ ...filter, ...page, seed }, signal);
  const query = { ...queryOf(state, image !== null), ...page, filter, explain: true };
  return api.query(skip === 0 ? { ...query, facets: ['categories'] } : query, image, signal);
}

/** The search as POST /search/query takes it. */
export function queryOf(state: SearchState, hasImage: boolean): QueryBody {
  const { meaning, without, words } = parseQueryText(state.text);
  const criteria = [
    ...(meaning ? [{ text: meaning }] : []),
    ...state.like.map(id => ({ id })),
    ...(hasImage ? [{ file: 0 }] : []),
    ...without.map(text => ({ text, weight: -1 })),
  ];
  return {
    criteria,
    ...(words ? { words } : {}),
    basis: state.basis === 'both' ? ['vision', 'ocr'] : [state.basis],
  };
}

/** What the criteria of `queryOf` are called, in their order. */
export function criteriaNames(state: SearchState): string[] {
  const { meaning, without } = parseQueryText(state.text);
  return [
    ...(meaning ? [meaning] : []),
    ...state.like.map(() => t.likeThese),
    ...(state.image === null ? [] : [t.theDroppedImage]),
    ...without.map(text => `−${text}`),
  ];
}

/** Filters as the API names them. */
export function filterOf(filters: Filters) {
  return {
    ...(filters.starred ? { starred: true } : {}),
    ...(filters.categories.length > 0 ? { categories: filters.categories.join(',') } : {}),
    ...(filters.formats.length > 0 ? { formats: filters.formats.join(',') } : {}),
    ...(filters.minSize ? { min_width: filters.minSize, min_height: filters.minSize } : {}),
    ...(filters.shape ? SHAPE_RATIOS[filters.shape] : {}),
    ...(filters.from ? { date_from: filters.from } : {}),
    ...(filters.to ? { date_to: filters.to } : {}),
  };
}
