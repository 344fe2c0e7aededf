import { z } from 'zod';
import { type Basis, OCR, VISION } from '../../shared/catalog/collection.ts';
import { imageFormatSchema } from '../../shared/catalog/ids.ts';
import { FACET_NAMES } from '../../shared/search/facets.ts';
import { both, without } from '../../shared/search/filters.ts';
import type { Criterion, Ranking, RankingWords } from '../../shared/search/rankings.ts';
import type { SearchRequest } from '../../shared/search/search.ts';
import { wordsFault, wordsSearch } from '../../shared/search/words.ts';
import { commaList, decimal, imageId, integer, text, truth } from './fields.ts';
import { filterFields, orderFields, ownFilterFields, pagingFields } from './schemas.ts';

const MAX_WEIGHT = 1_000;
/** What sums of shares may be off by. */
const TOLERANCE = 1e-6;

const regionSchema = z
  .strictObject({
    x: decimal({ ge: 0, lt: 1 }),
    y: decimal({ ge: 0, lt: 1 }),
    width: decimal({ gt: 0, le: 1 }),
    height: decimal({ gt: 0, le: 1 }),
  })
  .superRefine(({ x, y, width, height }, ctx) => {
    if (x + width > 1 + TOLERANCE || y + height > 1 + TOLERANCE)
      ctx.addIssue({ code: 'custom', message: 'reaches beyond the image' });
  })
  .meta({ id: 'Region' });

const criterionSchema = z
  .strictObject({
    text: text({ min: 1 }).optional(),
    id: imageId().optional(),
    file: integer({ ge: 0, le: 15 }).optional().describe('Which of the files of the multipart body, from 0.'),
    region: regionSchema
      .optional()
      .describe('The part of the image that counts, in shares of its upright width and height.'),
    weight: decimal({ ge: -MAX_WEIGHT, le: MAX_WEIGHT })
      .optional()
      .describe('Negative: unlike it. Default 1.'),
  })
  .superRefine(({ text: words, id, file, region }, ctx) => {
    if (words !== undefined && region)
      ctx.addIssue({ code: 'custom', path: ['region'], message: 'a text has no region' });
    if ([words, id, file].filter(value => value !== undefined).length === 1) return;
    ctx.addIssue({ code: 'custom', message: 'exactly one of text, id and file is needed' });
  })
  .meta({ id: 'Criterion' });

/** A list, or its parts separated by commas. */
const listOf = (schema: ReturnType<typeof commaList>) => z.union([z.array(text()), schema]);

const basisSchema = z.enum([VISION, OCR]);

/** Unknown fields are rejected by name: a misspelt one would silently do nothing. */
export const queryBodySchema = z
  .strictObject({
    criteria: z.array(criterionSchema).max(32).default([]),
    words: text({ max: 512 })
      .optional()
      .describe(
        'By the words in images: "in quotes" exactly, -without, *part* of a word; the rest ranks, on the basis ocr too.',
      ),
    mode: z.enum(['average', 'best']).default('average'),
    basis: z.array(basisSchema).min(1).max(2).default([VISION]),
    weights: z
      .strictObject({ vision: decimal({ ge: 0, le: MAX_WEIGHT }), ocr: decimal({ ge: 0, le: MAX_WEIGHT }) })
      .partial()
      .default({})
      .describe('Of each basis in the fusion. Default 1.'),
    filter: z
      .strictObject({
        ...filterFields,
        ...ownFilterFields,
        categories: listOf(commaList()).optional().describe('Any of them.'),
        categories_negative: listOf(commaList()).optional().describe('None of them.'),
        folders: listOf(commaList()).optional().describe('In any of these folders or below.'),
        cameras: listOf(commaList()).optional().describe('Any of them.'),
        lenses: listOf(commaList()).optional().describe('Any of them.'),
        formats: listOf(commaList()).pipe(z.array(imageFormatSchema).optional()).optional(),
        min_score: decimal({ ge: -1, le: 1 }).optional().describe('Cosine; with one basis in mode average.'),
        min_fit: decimal({ ge: 0, le: 1 })
          .optional()
          .describe('Leaves out images whose fit is lower; among the best 1,000.'),
      })
      .default({}),
    ...pagingFields,
    explain: truth().prefault(false),
    facets: z.array(z.enum(FACET_NAMES)).max(FACET_NAMES.length).default([]),
    ...orderFields,
    order_by: orderFields.order_by
      .optional()
      .describe('Without criteria and words: all that the filter lets through, in this order.'),
  })
  .superRefine(({ criteria, words, basis, weights, mode, filter, order_by, order, cursor, skip }, ctx) => {
    const ranks = criteria.length > 0 || Boolean(words);
    const fault = orderFault({ ranks, listed: order_by !== undefined, within: order ?? cursor, skip });
    if (fault) ctx.addIssue({ code: 'custom', path: [fault.field], message: fault.message });
    if (!ranks && order_by === undefined)
      ctx.addIssue({
        code: 'custom',
        path: ['criteria'],
        message: 'Field required',
        params: { type: 'missing' },
      });
    if (criteria.length > 0 && criteria.every(({ weight }) => weight === 0))
      ctx.addIssue({
        code: 'custom',
        path: ['criteria'],
        message: 'at least one weight must be other than 0, or there is nothing to search for',
      });
    const unaskable = words ? wordsFault(words) : null;
    if (unaskable === 'signs' || (unaskable === 'exclusions' && criteria.length === 0))
      ctx.addIssue({ code: 'custom', path: ['words'], message: WORDS_FAULTS[unaskable] });
    const bases = criteria.length === 0 ? [] : basis;
    if (bases.length > 0 && bases.every(each => weights[each] === 0))
      ctx.addIssue({
        code: 'custom',
        path: ['weights'],
        message: 'at least one of the bases searched needs a weight above 0',
      });
    const byCosine =
      criteria.length > 0 &&
      new Set(basis).size === 1 &&
      (mode === 'average' || criteria.length === 1) &&
      !words;
    if (filter.min_fit !== undefined && !ranks)
      ctx.addIssue({
        code: 'custom',
        path: ['filter', 'min_fit'],
        message: 'applies to what a search finds',
      });
    if (filter.min_score !== undefined && (!byCosine || basis[0] !== VISION))
      ctx.addIssue({
        code: 'custom',
        path: ['filter', 'min_score'],
        message: 'applies to scores that are cosines: the basis vision alone, in mode average',
      });
  });
/** Results of a search are ranked and paged by skip; a list is ordered and paged by cursor. */
function orderFault(asked: {
  readonly ranks: boolean;
  readonly listed: boolean;
  readonly within: string | undefined;
  readonly skip: number;
}): { readonly field: string; readonly message: string } | null {
  if (asked.ranks && asked.listed)
    return { field: 'order_by', message: 'goes with no criteria and no words: what they find is ranked' };
  if (!asked.listed && asked.within !== undefined) return { field: 'order_by', message: 'Field required' };
  if (asked.listed && asked.skip > 0)
    return { field: 'skip', message: 'goes with no order_by: the next page is requested by cursor' };
  return null;
}

const WORDS_FAULTS = {
  signs: 'no letters or digits are in it, and nothing else can be searched for',
  exclusions: 'it says only which images to leave out; add what to search for',
} as const;

export type QueryBody = z.output<typeof queryBodySchema>;

/**
 * The request to the search. Criteria rank on every requested basis. Words rank on the basis ocr, requested or not,
 * in place of the criteria there; both by meaning and by the words themselves.
 * @param files images of the multipart body, in order
 * @param leftOut ids of images that are not to be found, beside those of criteria
 */
export function searchRequestOf(
  body: QueryBody,
  files: readonly Uint8Array[],
  leftOut: readonly string[] = [],
): SearchRequest {
  const words = body.words ? wordsSearch(body.words) : undefined;
  const criteria = body.criteria.map(criterion => toCriterion(criterion, files));
  const bases = new Set<Basis>(criteria.length > 0 ? body.basis : []);
  if (words?.ranking) bases.add(OCR);
  const { min_score: minScore, min_fit: minFit, ...filters } = body.filter;
  const ranking = words && { text: words.ranking, certain: words.certain };
  return {
    rankings: [...bases].map(basis => rankingOf(body, basis, criteria, ranking)),
    fusion: 'fit',
    fit: true,
    filters,
    restriction: both(words?.filter, without(leftOut)),
    words: words?.ranking,
    minScore,
    minFit,
    count: body.count,
    skip: body.skip,
    explain: body.explain,
    facets: body.facets,
  };
}

function rankingOf(
  { mode, weights }: QueryBody,
  basis: Basis,
  criteria: readonly Criterion[],
  ranking: RankingWords | undefined,
): Ranking {
  const weight = weights[basis];
  if (basis === VISION) return { basis, mode, weight, criteria };
  if (ranking?.text)
    return { basis, mode, weight, criteria: [{ text: ranking.text }], words: ranking, ofWords: true };
  const wanted = criteria.flatMap(c => ('text' in c && (c.weight ?? 1) > 0 ? [c.text] : []));
  const asked = wanted.length > 0 ? { text: wanted.join(' '), certain: false } : undefined;
  return { basis, mode, weight, criteria, words: asked };
}

function toCriterion(
  { text: words, id, file, region, weight }: QueryBody['criteria'][number],
  files: readonly Uint8Array[],
): Criterion {
  if (words !== undefined) return { text: words, weight };
  if (id !== undefined) return { id, weight };
  return { image: files[file ?? 0] ?? new Uint8Array(), region, weight };
}
