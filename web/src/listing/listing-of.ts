import { api } from '../api/api.ts';
import { filterOf, queryOf } from '../api/find-images.ts';
import type { Hit, QueryBody } from '../api/types.ts';
import { findImage } from '../search/search-image.ts';
import { parseQueryText } from '../state/query-text.ts';
import { formatAddress, hasQuery, type SearchState } from '../state/search-state.ts';
import { FEW, fitHeadings, monthWithin } from './headings.ts';
import { referencesOf, searchTolerantly, withoutReferences } from './left-out.ts';
import type { Listing, Part } from './listing.ts';
import { formatPlace, parsePlace } from './place-in-search.ts';

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

/**
 * What a search finds, the best first. The first part decides which references are left out, and the cursor of each
 * other part names them: so all parts are of one list, in whatever order they are requested and come.
 */
function searchListing(search: SearchState): Listing {
  return {
    key: keyOf(search),
    fetchSections: null,
    headingsOf: fitHeadings,
    async fetchPart(_, cursor, signal) {
      const { skip, without } = parsePlace(cursor, search.references);
      const paging = pageFrom(skip);
      const { found, leftOut } = await searchTolerantly({
        search: withoutReferences(search, without),
        send: (present, files) => {
          const query = { ...queryOf(present), filter: filterOf(search.filters), explain: true, ...paging };
          return api.query(cursor === null ? { ...query, facets: ['categories'] } : query, files, signal);
        },
        fileOf: findImage,
        imageState: id => api.imageState(id, signal),
      });
      const next = nextSkip(paging, found.result.length);
      const all = [...without, ...referencesOf(leftOut)];
      const isOutdated = cursor !== null && leftOut.length > 0;
      return {
        ...found,
        leftOut,
        isOutdated,
        awaitsFits: isJudged(withoutReferences(search, all)) && lackFits(found.result),
        next: next === null ? null : formatPlace({ skip: next, without: all }, search.references),
      };
    },
  };
}

const lackFits = (hits: readonly Hit[]): boolean =>
  hits.length >= FEW && hits.every(({ band }) => band === null);

/** Only words are judged by how well images fit them. */
const isJudged = ({ text, references }: SearchState): boolean =>
  references.length === 0 && parseQueryText(text).meaning !== '';

/** All images in the random order of a seed. */
function randomListing(search: SearchState): Listing {
  return {
    key: keyOf(search),
    fetchSections: null,
    headingsOf: noHeadings,
    async fetchPart(_, cursor, signal) {
      const paging = pageFrom(Number(cursor ?? 0));
      const page = await api.random({ ...filterOf(search.filters), ...paging, seed: search.seed }, signal);
      return { ...page, next: nextSkip(paging, page.result.length)?.toString() ?? null };
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

const pageFrom = (skip: number): Paging => ({ skip, count: Math.min(PAGE_SIZE, DEEPEST - skip) });

/** Where the next part begins; null where this one was the last, or as deep as the API goes. */
const nextSkip = ({ skip, count }: Paging, found: number): number | null =>
  found < count || skip + count >= DEEPEST ? null : skip + count;
