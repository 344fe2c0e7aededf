import type { Context } from 'hono';
import { Hono } from 'hono';
import { z } from 'zod';
import { type Basis, OCR, VISION } from '../../../shared/catalog/collection.ts';
import { noticeText } from '../../../shared/search/notices.ts';
import type { Ranking } from '../../../shared/search/rankings.ts';
import { type SearchRequest, search, searchRandom } from '../../../shared/search/search.ts';
import { containing } from '../../../shared/search/words.ts';
import type { Filter } from '../../../shared/vectors/filter.ts';
import { advancedFields, advancedSchema, rankingOf, requireCriteria } from '../criteria.ts';
import type { ApiEnv } from '../deps.ts';
import { integerText, truth } from '../fields.ts';
import { searchResponse } from '../image-response.ts';
import { readMultipart } from '../multipart.ts';
import { discard, receiveBytes } from '../received-file.ts';
import { rejectMissing } from '../reject.ts';
import { accept, defineRoute } from '../route.ts';
import {
  basisField,
  filterFields,
  filtersOf,
  IMAGE_ERRORS,
  idParams,
  ownFilterFields,
  pagingFields,
  promptField,
  searchResponseSchema,
} from '../schemas.ts';
import type { RouteTools } from '../tools.ts';
import { unlessWaiting } from '../waiting.ts';

const filters = { ...filterFields, ...pagingFields };
const shared = { access: 'access', response: searchResponseSchema } as const;

export const searchRoutes = {
  text: defineRoute({
    ...shared,
    method: 'get',
    path: '/search/text/:prompt{.+}',
    summary: 'Images that a text describes',
    params: z.object({ prompt: promptField }),
    query: z.object({
      basis: basisField,
      exact: truth().prefault(false).describe('With ocr: the words must be in the image, in sequence.'),
      ...filters,
    }),
    errors: ['basis_unavailable', 'page_too_deep', 'empty_query'],
  }),
  image: defineRoute({
    ...shared,
    method: 'post',
    path: '/search/image',
    summary: 'Images that look like the one sent',
    query: z.object(filters),
    multipart: z.object({ image: z.file().describe('At most 10 MiB; on AWS 4.4 MB.') }),
    errors: ['malformed_body', 'request_timeout', 'request_too_large', 'page_too_deep', ...IMAGE_ERRORS],
  }),
  similar: defineRoute({
    ...shared,
    method: 'get',
    path: '/search/similar/:image_id',
    summary: 'Images that are like a stored one',
    params: idParams,
    query: z.object({ basis: basisField, ...filters }),
    errors: ['not_found', 'image_queued', 'basis_unavailable', 'page_too_deep'],
  }),
  advanced: defineRoute({
    ...shared,
    method: 'post',
    path: '/search/advanced',
    summary: 'Images by several criteria, wanted and unwanted',
    query: z.object({ basis: basisField, ...filters }),
    json: advancedSchema,
    errors: ['not_found', 'image_queued', 'basis_unavailable', 'page_too_deep', 'empty_query'],
  }),
  combined: defineRoute({
    ...shared,
    method: 'post',
    path: '/search/combined',
    summary: 'Criteria on one basis and a prompt on the other, fused (deprecated: use /search/query)',
    query: z.object({ basis: basisField, ...filters }),
    json: z.object({ ...advancedFields, extra_prompt: promptField }).superRefine(requireCriteria),
    errors: ['not_found', 'image_queued', 'basis_unavailable', 'page_too_deep', 'empty_query'],
  }),
  hybrid: defineRoute({
    ...shared,
    method: 'post',
    path: '/search/hybrid',
    summary: 'Criteria on both bases, fused',
    query: z.object(filters),
    json: z.object({ vision: advancedSchema, ocr: advancedSchema }),
    errors: ['not_found', 'image_queued', 'basis_unavailable', 'page_too_deep', 'empty_query'],
  }),
  random: defineRoute({
    ...shared,
    method: 'get',
    path: '/search/random',
    summary: 'Images in random order; a seed fixes it',
    query: z.object({ seed: integerText().optional(), ...filters, ...ownFilterFields }),
    errors: ['page_too_deep'],
  }),
};

const otherBasis = (basis: Basis): Basis => (basis === VISION ? OCR : VISION);

/** /search: what existing clients call; ours is in routes/query.ts. */
export function searchApp({ deps, guard }: RouteTools) {
  type Paged = z.output<z.ZodObject<typeof filters>>;
  async function response(c: Context<ApiEnv>, rankings: Ranking[], query: Paged, restriction?: Filter) {
    const { count, skip } = query;
    const request: SearchRequest = {
      rankings,
      fusion: 'ranks',
      filters: filtersOf(query),
      restriction,
      count,
      skip,
    };
    const ids = rankings.flatMap(({ criteria }) => criteria.flatMap(each => ('id' in each ? [each.id] : [])));
    const { hits, notices, timings } = await search(deps, request).catch(unlessWaiting(deps.library, ids));
    c.get('timings').set('embed', timings.embed).set('index', timings.index);
    return searchResponse(hits, deps.urls, noticeText(notices));
  }

  return new Hono<ApiEnv>()
    .get(searchRoutes.text.path, accept(guard, searchRoutes.text), async c => {
      const { prompt } = c.req.valid('param');
      const query = c.req.valid('query');
      const { basis } = query;
      const restriction = query.exact && basis === OCR ? containing(prompt) : undefined;
      const ranking: Ranking = { basis, mode: 'average', criteria: [{ text: prompt }] };
      return c.json(await response(c, [ranking], query, restriction));
    })
    .post(searchRoutes.image.path, accept(guard, searchRoutes.image), async c => {
      const { searchImage } = deps.limits;
      const { files } = await readMultipart(c, deps.limits, part =>
        part.name === 'image' ? receiveBytes(part, searchImage) : discard(part),
      );
      const image = files.findLast(({ name }) => name === 'image')?.value;
      if (!image) return rejectMissing(c, 'image');
      const ranking: Ranking = { basis: VISION, mode: 'average', criteria: [{ image }] };
      return c.json(await response(c, [ranking], c.req.valid('query')));
    })
    .get(searchRoutes.similar.path, accept(guard, searchRoutes.similar), async c => {
      const query = c.req.valid('query');
      const { image_id: id } = c.req.valid('param');
      const ranking: Ranking = { basis: query.basis, mode: 'average', criteria: [{ id }] };
      return c.json(await response(c, [ranking], query));
    })
    .post(searchRoutes.advanced.path, accept(guard, searchRoutes.advanced), async c => {
      const query = c.req.valid('query');
      return c.json(await response(c, [{ basis: query.basis, ...rankingOf(c.req.valid('json')) }], query));
    })
    .post(searchRoutes.combined.path, accept(guard, searchRoutes.combined), async c => {
      const query = c.req.valid('query');
      const body = c.req.valid('json');
      const rankings: Ranking[] = [
        { basis: query.basis, ...rankingOf(body) },
        { basis: otherBasis(query.basis), mode: 'average', criteria: [{ text: body.extra_prompt }] },
      ];
      return c.json(await response(c, rankings, query));
    })
    .post(searchRoutes.hybrid.path, accept(guard, searchRoutes.hybrid), async c => {
      const { vision, ocr } = c.req.valid('json');
      const rankings: Ranking[] = [
        { basis: VISION, ...rankingOf(vision) },
        { basis: OCR, ...rankingOf(ocr) },
      ];
      return c.json(await response(c, rankings, c.req.valid('query')));
    })
    .get(searchRoutes.random.path, accept(guard, searchRoutes.random), async c => {
      const query = c.req.valid('query');
      const { seed, count, skip } = query;
      const hits = await searchRandom(deps.index, { seed, count, skip, filters: filtersOf(query) });
      return c.json(await searchResponse(hits, deps.urls));
    });
}
