import { Hono } from 'hono';
import { z } from 'zod';
import { SemblanceError } from '../../../shared/errors.ts';
import { counted } from '../../../shared/progress.ts';
import { browse, countMonths, cursorAfter } from '../../../shared/search/browse.ts';
import { listImages } from '../../../shared/search/images.ts';
import { listSketches, SKETCH_DIMENSION } from '../../../shared/search/sketch.ts';
import type { ApiEnv } from '../deps.ts';
import { imageId, integer } from '../fields.ts';
import { imageResponse } from '../image-response.ts';
import { accept, defineRoute } from '../route.ts';
import {
  countField,
  filterFields,
  filtersOf,
  imageSchema,
  orderFields,
  ownFilterFields,
} from '../schemas.ts';
import type { RouteTools } from '../tools.ts';

/** Images whose sketches one response has. */
const MOST_SKETCHES = 500;

export const imagesRoutes = {
  list: defineRoute({
    method: 'get',
    path: '/images',
    access: 'access',
    summary: 'All images in an order: ascending by id, or as order_by says',
    query: z.object({
      ...filterFields,
      ...ownFilterFields,
      ...orderFields,
      order_by: orderFields.order_by.default('id'),
      count: countField(15),
      prev_offset_id: imageId()
        .optional()
        .describe('The first id of this page: next_page_offset of the last.'),
    }),
    response: z.object({
      message: z.string(),
      images: z.array(imageSchema),
      next_page_offset: z.uuid().nullable().describe('Only in the order of ids.'),
      next_cursor: z.string().nullable().describe('Goes on here in any order; null at the end.'),
    }),
    errors: ['not_found'],
  }),
  months: defineRoute({
    method: 'get',
    path: '/images/months',
    access: 'access',
    summary: 'How many images were taken in each month, the latest first',
    query: z.object({ ...filterFields, ...ownFilterFields }),
    response: z.object({
      message: z.string(),
      months: z.array(z.object({ month: z.string().describe('2026-03'), count: z.number() })),
    }),
    errors: [],
  }),
  sketches: defineRoute({
    method: 'get',
    path: '/images/sketches',
    access: 'access',
    summary: 'All images, ascending by id, with what a map of them is drawn by',
    query: z.object({
      count: integer({ ge: 1, le: MOST_SKETCHES }).prefault(MOST_SKETCHES),
      prev_offset_id: imageId().optional(),
    }),
    response: z.object({
      message: z.string(),
      images: z.array(
        z.object({
          id: z.uuid(),
          name: z.string().nullable(),
          thumbnail_url: z.string().nullable(),
          placeholder: z.string().nullable(),
          aspect_ratio: z.number(),
        }),
      ),
      dimension: z.number().int(),
      codes: z
        .string()
        .describe("Base64 of one signed byte a component: the images' sketches one after the other."),
      next_page_offset: z.uuid().nullable(),
    }),
    errors: [],
  }),
};

/** All images, in lists and by month. */
export function imagesApp({ deps, guard }: RouteTools) {
  /** In the order of ids, which existing clients use, where the query names no other order and no cursor. */
  async function page(query: z.output<typeof imagesRoutes.list.query>) {
    const { count, order_by: orderBy, order: direction, cursor, prev_offset_id: offset } = query;
    const filters = filtersOf(query);
    if (orderBy === 'id' && direction !== 'desc' && cursor === undefined) {
      const { images: found, next } = await listImages(deps.index, { filters, count, offset });
      const last = found.at(-1);
      return { found, next_page_offset: next, next_cursor: next && last ? cursorAfter(last.id) : null };
    }
    if (offset !== undefined)
      throw new SemblanceError('invalid_request', 'prev_offset_id goes with no cursor and no other order');
    const { images: found, next } = await browse(deps.index, { filters, orderBy, direction, count, cursor });
    return { found, next_page_offset: null, next_cursor: next };
  }

  return new Hono<ApiEnv>()
    .get(imagesRoutes.list.path, accept(guard, imagesRoutes.list), async c => {
      const query = c.req.valid('query');
      const { found, ...next } = await page(query);
      const images = await Promise.all(found.map(image => imageResponse(image, deps.urls)));
      return c.json({ message: `${counted(images.length, 'image')}.`, images, ...next });
    })
    .get(imagesRoutes.months.path, accept(guard, imagesRoutes.months), async c => {
      const months = await countMonths(deps.index, filtersOf(c.req.valid('query')));
      return c.json({ message: `${counted(months.length, 'month')}.`, months });
    })
    .get(imagesRoutes.sketches.path, accept(guard, imagesRoutes.sketches), async c => {
      const { count, prev_offset_id: offset } = c.req.valid('query');
      const { images, codes, next } = await listSketches(deps.index, { limit: count, offset });
      const responses = await Promise.all(images.map(image => imageResponse(image, deps.urls)));
      return c.json({
        message: `${counted(images.length, 'image')}.`,
        images: responses.map(({ id, name, thumbnail_url, placeholder, aspect_ratio }) => ({
          id,
          name,
          thumbnail_url,
          placeholder,
          aspect_ratio,
        })),
        dimension: SKETCH_DIMENSION,
        codes: Buffer.from(codes.buffer).toString('base64'),
        next_page_offset: next,
      });
    });
}
