import type { MiddlewareHandler } from 'hono';
import { Hono } from 'hono';
import { z } from 'zod';
import { SemblanceError } from '../../../shared/errors.ts';
import { openShares, type Share, tokenOf } from '../../../shared/gallery/shares.ts';
import { counted } from '../../../shared/progress.ts';
import { findImage } from '../../../shared/search/images.ts';
import type { VectorIndex } from '../../../shared/vectors/vector-index.ts';
import type { ApiEnv } from '../deps.ts';
import { imageId, integer, text } from '../fields.ts';
import { imageResponse } from '../image-response.ts';
import { keptQueryField, readKeptQuery } from '../kept-query.ts';
import type { QueryBody } from '../query-body.ts';
import { accept, defineRoute } from '../route.ts';
import { type Image, imageSchema, messageSchema } from '../schemas.ts';
import type { RouteTools } from '../tools.ts';
import { runQuery } from './query.ts';

const DAY = 86_400;

const shareSchema = z
  .object({
    id: z.uuid(),
    image_id: z.uuid().nullable(),
    query: z.record(z.string(), z.unknown()).nullable(),
    token: z.string().describe('The signed part of the link: GET /shares/{token}.'),
    created: z.string(),
    expires_at: z.string(),
  })
  .meta({ id: 'Share' });

export const shareRoutes = {
  share: defineRoute({
    method: 'post',
    path: '/admin/shares',
    access: 'admin',
    summary: 'Make a link that shows one image, or what one search finds, for a limited time without a token',
    json: z
      .object({
        image_id: imageId().optional(),
        query: keptQueryField.optional(),
        seconds: integer({ ge: 60, le: 30 * DAY })
          .prefault(7 * DAY)
          .describe('How long it works.'),
      })
      .superRefine(({ image_id, query }, ctx) => {
        if ((image_id === undefined) === (query === undefined))
          ctx.addIssue({ code: 'custom', path: ['image_id'], message: 'either image_id or query is needed' });
      }),
    response: z.object({ message: z.string(), share: shareSchema }),
    errors: ['not_found', 'sharing_off'],
  }),
  list: defineRoute({
    method: 'get',
    path: '/admin/shares',
    access: 'admin',
    summary: 'Links that work now',
    response: z.object({ message: z.string(), shares: z.array(shareSchema) }),
    errors: ['sharing_off'],
  }),
  revoke: defineRoute({
    method: 'delete',
    path: '/admin/shares/:share_id',
    access: 'admin',
    summary: 'Revoke a link',
    params: z.object({ share_id: imageId() }),
    response: messageSchema,
    errors: ['sharing_off'],
  }),
  open: defineRoute({
    method: 'get',
    path: '/shares/:token',
    access: 'open',
    summary: 'What a link shows; its signature lets it in',
    params: z.object({ token: text({ min: 1, max: 300 }) }),
    query: z.object({
      count: integer({ ge: 1, le: 100 }).prefault(100),
      skip: integer({ ge: 0 }).prefault(0),
      cursor: text({ min: 1, max: 4_096 }).optional(),
    }),
    response: z.object({
      message: z.string(),
      images: z.array(imageSchema),
      next_cursor: z.string().nullable(),
      expires_at: z.string(),
    }),
    errors: ['share_invalid', 'sharing_off'],
  }),
};

const shareResponse = (share: Share) => ({
  id: share.id,
  image_id: 'image' in share.shows ? share.shows.image : null,
  query: 'query' in share.shows ? share.shows.query : null,
  token: tokenOf(share),
  created: share.created,
  expires_at: share.expires,
});

/** An image as strangers see it: without the path of its file, its annotations, and where it was taken. */
const forStrangers = (image: Image): Image => ({
  ...image,
  path: null,
  comments: null,
  categories: null,
  starred: false,
  exif: null,
});

/**
 * The search of a link without the images that it searches by and that are no longer indexed, since whoever opens the
 * link can not remove them; null where nothing else is searched for.
 */
async function withoutMissing(index: VectorIndex, query: QueryBody): Promise<QueryBody | null> {
  const ids = query.criteria.flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return query;
  const present = new Set((await index.retrieve(ids, { payload: false })).map(({ id }) => id));
  const criteria = query.criteria.filter(({ id }) => id === undefined || present.has(id));
  return criteria.length > 0 || query.words ? { ...query, criteria } : null;
}

/** Links for strangers; only where SEMBLANCE_SHARING is on. */
export function sharesApp({ deps, guard }: RouteTools) {
  const shares = openShares(deps);
  const whereOn: MiddlewareHandler<ApiEnv> = async (_, next) => {
    if (!deps.access.sharing)
      throw new SemblanceError('sharing_off', 'This server makes no links for strangers');
    await next();
  };

  async function shown({ shows }: Share, page: { count: number; skip: number; cursor?: string | undefined }) {
    if ('image' in shows) {
      const image = await findImage(deps.index, shows.image);
      return { images: image ? [await imageResponse(image, deps.urls)] : [], next: null };
    }
    const query = await withoutMissing(deps.index, readKeptQuery(shows.query));
    if (!query) return { images: [], next: null };
    const { response } = await runQuery(deps, { ...query, ...page, facets: [] });
    return { images: response.result.map(({ img }) => img), next: response.next_cursor };
  }

  return new Hono<ApiEnv>()
    .post(shareRoutes.share.path, accept(guard, shareRoutes.share), whereOn, async c => {
      const { image_id: image, query, seconds } = c.req.valid('json');
      if (image !== undefined && !(await findImage(deps.index, image)))
        throw new SemblanceError('not_found', `There is no image ${image}`);
      const share = await shares.add(image === undefined ? { query: query ?? {} } : { image }, seconds);
      return c.json({
        message: 'Whoever has the link sees it until it expires.',
        share: shareResponse(share),
      });
    })
    .get(shareRoutes.list.path, accept(guard, shareRoutes.list), whereOn, async c => {
      const list = (await shares.list()).map(shareResponse);
      return c.json({ message: `${counted(list.length, 'link')}.`, shares: list });
    })
    .delete(shareRoutes.revoke.path, accept(guard, shareRoutes.revoke), whereOn, async c => {
      await shares.remove(c.req.valid('param').share_id);
      return c.json({ message: 'Revoked.' });
    })
    .get(shareRoutes.open.path, accept(guard, shareRoutes.open), whereOn, async c => {
      const share = await shares.open(c.req.valid('param').token);
      const { images, next } = await shown(share, c.req.valid('query'));
      c.header('Cache-Control', 'private, no-store');
      return c.json({
        message: `${counted(images.length, 'image')}.`,
        images: images.map(forStrangers),
        next_cursor: next,
        expires_at: share.expires,
      });
    });
}
