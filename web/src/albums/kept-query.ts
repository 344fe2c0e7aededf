import { z } from 'zod/mini';
import { IMAGE_FORMATS } from '../../../shared/catalog/formats.ts';
import { filterOf, queryOf, SHAPE_RATIOS } from '../api/find-images.ts';
import type { QueryBody } from '../api/types.ts';
import { clampWeight, isImageId, likeImage } from '../state/reference.ts';
import { hasQuery, NO_FILTERS, NO_SEARCH, type SearchState, SHAPES, SIZES } from '../state/search-state.ts';

const ORDER_BY = {
  taken: 'taken_at',
  added: 'added',
  name: 'name',
  size: 'size',
  random: 'taken_at',
} as const;

/** A search as the server keeps it: the JSON of POST /search/query. */
export function keptQueryOf(search: SearchState): QueryBody {
  const filter = filterOf(search.filters);
  if (!hasQuery(search)) return { filter, order_by: ORDER_BY[search.order] };
  return { ...queryOf(search), filter };
}

const optionalText = z.catch(z.nullable(z.optional(z.string())), null);
const keptSchema = z.object({
  criteria: z.catch(
    z.array(
      z.object({
        text: z.optional(z.string()),
        id: z.optional(z.string()),
        weight: z._default(z.number(), 1),
        region: z.optional(z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })),
      }),
    ),
    [],
  ),
  words: z.catch(z.string(), ''),
  basis: z.catch(z.array(z.enum(['vision', 'ocr'])), ['vision']),
  order_by: optionalText,
  filter: z.catch(
    z.object({
      starred: z.catch(z.boolean(), false),
      categories: optionalText,
      categories_negative: optionalText,
      formats: optionalText,
      folders: optionalText,
      cameras: optionalText,
      lenses: optionalText,
      date_from: optionalText,
      date_to: optionalText,
      min_width: z.catch(z.number(), 0),
      preferred_ratio: z.catch(z.number(), 0),
    }),
    {
      starred: false,
      categories: null,
      categories_negative: null,
      formats: null,
      folders: null,
      cameras: null,
      lenses: null,
      date_from: null,
      date_to: null,
      min_width: 0,
      preferred_ratio: 0,
    },
  ),
});

/** The search that a kept query says; whatever in it the page has no place for is left out. */
export function searchOfKept(query: unknown): SearchState {
  const parsed = z.safeParse(keptSchema, query);
  if (!parsed.success) return NO_SEARCH;
  const { criteria, words, basis, order_by: orderBy, filter } = parsed.data;
  const wanted = criteria.filter(({ text, weight }) => text && weight > 0);
  const unwanted = criteria.flatMap(({ text, weight }) => (text && weight < 0 ? [`-${text}`] : []));
  const orders = Object.entries(ORDER_BY) as [SearchState['order'], string][];
  return {
    ...NO_SEARCH,
    text: [...wanted.map(({ text }) => text), ...unwanted, words].filter(Boolean).join(' '),
    textWeight: Math.abs(clampWeight(wanted[0]?.weight ?? 1)),
    references: criteria.flatMap(({ id, weight, region = null }) =>
      id && isImageId(id) ? [likeImage(id, clampWeight(weight), region)] : [],
    ),
    basis: basis.length > 1 ? 'both' : (basis[0] ?? 'vision'),
    order: orders.find(([, name]) => name === orderBy)?.[0] ?? 'taken',
    filters: {
      ...NO_FILTERS,
      starred: filter.starred,
      categories: listOf(filter.categories),
      without: listOf(filter.categories_negative),
      formats: IMAGE_FORMATS.filter(format => listOf(filter.formats).includes(format)),
      shape: SHAPES.find(shape => SHAPE_RATIOS[shape].preferred_ratio === filter.preferred_ratio) ?? null,
      minSize: SIZES.find(size => size === filter.min_width) ?? null,
      from: filter.date_from ?? null,
      to: filter.date_to ?? null,
      folder: filter.folders ?? null,
      camera: filter.cameras ?? null,
      lens: filter.lenses ?? null,
    },
  };
}

const listOf = (text: string | null | undefined): string[] =>
  (text ?? '').split(',').filter(part => part.trim() !== '');
