import type { Context } from 'hono';
import { Hono } from 'hono';
import { z } from 'zod';
import { OCR, VISION } from '../../../shared/catalog/collection.ts';
import { ocrLineSchema } from '../../../shared/catalog/ocr-line.ts';
import { counted } from '../../../shared/progress.ts';
import { browse, type OrderBy } from '../../../shared/search/browse.ts';
import { bandOf, STRONG, WEAK } from '../../../shared/search/chance.ts';
import { countFacets } from '../../../shared/search/facets.ts';
import { toFilter } from '../../../shared/search/filters.ts';
import { noticeSchema, noticeText } from '../../../shared/search/notices.ts';
import type { Explanation, Hit } from '../../../shared/search/search.ts';
import { search } from '../../../shared/search/search.ts';
import type { VectorIndex } from '../../../shared/vectors/vector-index.ts';
import { isMultipart } from '../body.ts';
import type { ApiEnv, AppDeps } from '../deps.ts';
import { imageResponse } from '../image-response.ts';
import { readMultipart } from '../multipart.ts';
import { type QueryBody, queryBodySchema, searchRequestOf } from '../query-body.ts';
import { readOriginal } from '../read-original.ts';
import { receiveBytes } from '../received-file.ts';
import { reject } from '../reject.ts';
import { accept, defineRoute, parseJsonText } from '../route.ts';
import { hitSchema, IMAGE_ERRORS, searchResponseSchema } from '../schemas.ts';
import type { RouteTools } from '../tools.ts';
import { failuresOf } from '../validation.ts';
import { unlessWaiting } from '../waiting.ts';

const basisSchema = z.enum([VISION, OCR]);
const explanationSchema = z
  .object({
    criteria: z
      .array(z.object({ criterion: z.number(), basis: basisSchema, share: z.number() }))
      .describe('Share of each criterion; in mode average they add up to the cosine of the basis.'),
    bases: z
      .array(z.object({ basis: basisSchema, rank: z.number(), share: z.number() }))
      .describe('Rank on each basis, from 0, and its share of the score.'),
    parts: z
      .array(z.object({ part: z.enum(['image', 'meaning', 'words']), fit: z.number() }))
      .describe(
        'What found it, best first: what the image shows, what the words in it mean, or the words themselves; each with how well it fits by that alone.',
      ),
    words: z.array(ocrLineSchema).describe('Lines with words of the search; boxes in px of the image.'),
  })
  .meta({ id: 'Explanation' });

const fitFields = {
  fit: z
    .number()
    .nullable()
    .describe(
      '0 to 1: how unlikely it is that chance alone brought such a score; null in a list by order, and while that is not known.',
    ),
  band: z
    .enum(['strong', 'weak', 'none'])
    .nullable()
    .describe(`Of fit: strong from ${STRONG}, weak from ${WEAK}. None: it is only the nearest there is.`),
};

const facetSchema = z.array(
  z.object({ value: z.union([z.string(), z.number(), z.boolean()]), count: z.number() }),
);

export const queryResponseSchema = z.object({
  ...searchResponseSchema.shape,
  result: z.array(z.object({ ...hitSchema.shape, ...fitFields, explain: explanationSchema.nullable() })),
  notices: z.array(noticeSchema).describe('What the notice says, by code, for clients that word it.'),
  strong: z.number().int().describe('How many of these images fit well.'),
  facets: z
    .object({
      categories: facetSchema,
      formats: facetSchema,
      starred: facetSchema,
      folders: facetSchema,
      cameras: facetSchema,
      lenses: facetSchema,
    })
    .partial(),
  next_cursor: z
    .string()
    .nullable()
    .describe('Of a list with order_by; null at its end, and of a search, whose pages go by skip.'),
});

export const queryRoutes = {
  query: defineRoute({
    method: 'post',
    path: '/search/query',
    access: 'access',
    summary: 'Texts, images and files in one search, with words, filters, facets and reasons',
    json: queryBodySchema,
    multipart: z.object({
      query: z.string().describe('The JSON body.'),
      file: z.array(z.file()).optional().describe('Images that criteria name by their number.'),
    }),
    response: queryResponseSchema,
    errors: [
      'not_found',
      'image_queued',
      'basis_unavailable',
      'page_too_deep',
      'empty_query',
      'malformed_body',
      'request_timeout',
      'request_too_large',
      ...IMAGE_ERRORS,
    ],
  }),
};

/** What the filter lets through, in the shape of a search that ranks nothing. */
async function list(index: VectorIndex, body: QueryBody & { order_by: OrderBy }) {
  const started = performance.now();
  const { min_score: _, min_fit: __, ...filters } = body.filter;
  const { order_by: orderBy, order: direction, count, cursor } = body;
  const [{ images, next }, facets] = await Promise.all([
    browse(index, { filters, orderBy, direction, count, cursor }),
    countFacets(index, body.facets, toFilter(filters)),
  ]);
  const hits: Hit[] = images.map(image => ({ ...image, score: 0 }));
  return { hits, next, facets, notices: [], timings: { index: performance.now() - started } };
}

/** A search in which a part of a stored image is looked at as a file would be. */
async function searchParts(deps: AppDeps, body: QueryBody, files: readonly Uint8Array[]) {
  const images = [...files];
  const criteria = [];
  for (const criterion of body.criteria) {
    const { id, ...part } = criterion;
    if (id === undefined || !part.region) criteria.push(criterion);
    else criteria.push({ ...part, file: images.push(await readOriginal(deps, id)) - 1 });
  }
  const parts = body.criteria.flatMap(({ id, region }) => (id !== undefined && region ? id : []));
  return search(deps, searchRequestOf({ ...body, criteria }, images, parts));
}

/** Carries a query out; ms by name beside the response. */
export async function runQuery(deps: AppDeps, body: QueryBody, files: readonly Uint8Array[] = []) {
  const found = body.order_by
    ? await list(deps.index, { ...body, order_by: body.order_by })
    : await searchParts(deps, body, files).catch(unlessWaiting(deps.library, idsOf(body)));
  const result = await Promise.all(
    found.hits.map(async hit => ({
      img: await imageResponse(hit, deps.urls),
      score: hit.score,
      fit: hit.fit ?? null,
      band: hit.fit === undefined ? null : bandOf(hit.fit),
      explain: hit.explain ? explanationResponse(hit.explain) : null,
    })),
  );
  const response = {
    message: result.length === 0 ? 'Nothing was found.' : `Found ${counted(result.length, 'image')}.`,
    query_id: crypto.randomUUID(),
    result,
    strong: result.filter(({ band }) => band === 'strong').length,
    facets: found.facets,
    notice: noticeText(found.notices),
    notices: [...found.notices],
    next_cursor: 'next' in found ? found.next : null,
  };
  return { response, timings: Object.entries(found.timings) };
}

/** POST /search/query: our own search, which the page and the CLI use. */
export function queryApp({ deps, guard }: RouteTools) {
  return new Hono<ApiEnv>().post(queryRoutes.query.path, accept(guard, queryRoutes.query), async c => {
    const multipart = isMultipart(c) ? await readQuery(c, deps.limits) : null;
    const body = multipart?.body ?? c.req.valid('json');
    const files = multipart?.files ?? [];
    for (const [i, { file }] of body.criteria.entries()) {
      if (file === undefined || file < files.length) continue;
      reject(c, [
        {
          type: 'missing',
          loc: ['body', 'criteria', i, 'file'],
          msg: 'There is no such file in the body',
          input: file,
        },
      ]);
    }
    const { response, timings } = await runQuery(deps, body, files);
    for (const [name, milliseconds] of timings) c.get('timings').set(name, milliseconds);
    return c.json(response);
  });
}

const idsOf = ({ criteria }: QueryBody): string[] => criteria.flatMap(({ id }) => id ?? []);

const explanationResponse = ({ criteria, bases, parts, words }: Explanation) => ({
  criteria: [...criteria],
  bases: [...bases],
  parts: [...parts],
  words: [...words],
});

async function readQuery(c: Context<ApiEnv>, limits: RouteTools['deps']['limits']) {
  const { files, fields } = await readMultipart(c, limits, part => receiveBytes(part, limits.searchImage), [
    'query',
  ]);
  const text = fields.get('query');
  if (text === undefined)
    return reject(c, [{ type: 'missing', loc: ['body', 'query'], msg: 'Field required', input: null }]);
  const json = parseJsonText(text);
  if (json.malformed) return reject(c, json.failures);
  const parsed = queryBodySchema.safeParse(json.value, { reportInput: true });
  if (!parsed.success) return reject(c, failuresOf(parsed.error, 'body'));
  return { body: parsed.data, files: files.map(({ value }) => value) };
}
