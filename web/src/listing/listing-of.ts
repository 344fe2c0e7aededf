import { api } from '../api/api.ts';
import { filterOf, queryOf } from '../api/find-images.ts';
import type { Hit, QueryBody } from '../api/types.ts';
import { parseQueryText } from '../state/query-text.ts';
import { formatAddress, hasQuery, type SearchState } from '../state/search-state.ts';
import { FEW, fitHeadings, monthWithin } from './headings.ts';
import type { Listing, Part } from './listing.ts';
import { createTolerantSearch } from './missing-references.ts';

/** Images fetched in one request; 100 is the most that the API gives. */
const PAGE_SIZE = 60;
const LIST_SIZE = 100;
/** Contract: skip + count ≤ 10,000. */
export const DEEPEST = 10_000;

/** What a search lists; without a query all images in its order, as far as the filters let them through. */
export function listingOf(search: SearchState): Listing {
  if (hasQuery(search)) return searchListing(search);
  if (search.order === 'random') return randomListing(search);
  return search.order === 'taken' ? timelineListing(search) : orderedListing(search, search.order);
}

/** The key says all that the response depends on, and nothing else: another order is no other search. */
function keyOf(search: SearchState): string {
  const asked = hasQuery(search) ? { ...search, order: 'taken' as const, seed: 0 } : search;
  return formatAddress({ place: 'images', open: null, search: asked });
}

/** What a search finds, the best first. */
function searchListing(search: SearchState): Listing {
  const searchTolerantly = createTolerantSearch(search);
  return {
    key: keyOf(search),
    fetchSections: null,
    headingsOf: fitHeadings,
    awaitsFits: hits => isJudged(search) && hits.length >= FEW && hits.every(({ band }) => band === null),
    async fetchPart(_, cursor, signal) {
      const isFirst = cursor === null;
      const paging = pageFrom(cursor);
      const send = (present: SearchState, files: readonly Blob[]) => {
        const query = { ...queryOf(present), filter: filterOf(search.filters), explain: true, ...paging };
        return api.query(isFirst ? { ...query, facets: ['categories'] } : query, files, signal);
      };
      const { found, missing } = await searchTolerantly(isFirst, send, signal);
      return { ...found, missing, next: nextSkip(paging, found.result.length) };
    },
  };
}

/** Only words are judged by how well images fit them. */
const isJudged = ({ text, references }: SearchState): boolean =>
  references.length === 0 && parseQueryText(text).meaning !== '';

const never = () => false;

/** All images in the random order of a seed. */
function randomListing(search: SearchState): Listing {
  return {
    key: keyOf(search),
    fetchSections: null,
    headingsOf: noHeadings,
    awaitsFits: never,
    async fetchPart(_, cursor, signal) {
      const paging = pageFrom(cursor);
      const page = await api.random({ ...filterOf(search.filters), ...paging, seed: search.seed }, signal);
      return { ...page, next: nextSkip(paging, page.result.length) };
    },
  };
}

/** All images by the date that they were taken, the latest first, in sections of a month each. */
function timelineListing(search: SearchState): Listing {
  const filter = filterOf(search.filters);
  return {
    key: keyOf(search),
    fetchSections: async signal =>
      (await api.months(filter, signal)).map(({ month, count }) => ({ key: month, month, count })),
    headingsOf: hits => hits.map(({ img }) => img.taken_at?.slice(0, 10) ?? ''),
    awaitsFits: never,
    fetchPart: ({ month }, cursor, signal) => {
      const range = month === null ? {} : monthWithin(month, search.filters);
      return listPart({ ...filter, ...range }, 'taken_at', cursor, signal);
    },
  };
}

/** All images in another order, in one piece. */
function orderedListing(search: SearchState, order: 'added' | 'name' | 'size'): Listing {
  return {
    key: keyOf(search),
    fetchSections: null,
    headingsOf: hits => hits.map(({ img }) => (order === 'added' ? img.index_date.slice(0, 10) : '')),
    awaitsFits: never,
    fetchPart: (_, cursor, signal) => listPart(filterOf(search.filters), order, cursor, signal),
  };
}

function listPart(
  filter: ReturnType<typeof filterOf>,
  orderBy: 'taken_at' | 'added' | 'name' | 'size',
  cursor: string | null,
  signal: AbortSignal,
): Promise<Part> {
  const facets: QueryBody['facets'] = cursor === null ? ['categories'] : [];
  const page = { count: LIST_SIZE, ...(cursor === null ? {} : { cursor }) };
  return api.list({ filter, order_by: orderBy, facets, ...page }, signal);
}

const noHeadings = (hits: readonly Hit[]): readonly string[] => hits.map(() => '');

type Paging = { readonly skip: number; readonly count: number };

function pageFrom(cursor: string | null): Paging {
  const skip = Number(cursor ?? 0);
  return { skip, count: Math.min(PAGE_SIZE, DEEPEST - skip) };
}

/** Where the next part begins; null where this one was the last, or as deep as the API goes. */
const nextSkip = ({ skip, count }: Paging, found: number): string | null =>
  found < count || skip + count >= DEEPEST ? null : String(skip + count);
