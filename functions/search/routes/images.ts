import { Hono } from 'hono';
import { z } from 'zod';
import { browsersShow } from '../../../shared/catalog/formats.ts';
import { ocrLineSchema } from '../../../shared/catalog/ocr-line.ts';
import { SemblanceError } from '../../../shared/errors.ts';
import { openRenditions } from '../../../shared/gallery/renditions.ts';
import { counted } from '../../../shared/progress.ts';
import { browse, countMonths, cursorAfter } from '../../../shared/search/browse.ts';
import { findImage, type IndexedImage, listImages } from '../../../shared/search/images.ts';
import { type DuplicateGroup, duplicateGroups, groupOf } from '../../../shared/search/near-duplicates.ts';
import { listSketches, SKETCH_DIMENSION } from '../../../shared/search/sketch.ts';
import type { ApiEnv } from '../deps.ts';
import { imageId, integer } from '../fields.ts';
import { imageResponse } from '../image-response.ts';
import { readBytesOf } from '../read-original.ts';
import { accept, defineRoute } from '../route.ts';
import {
  countField,
  filterFields,
  filtersOf,
  IMAGE_ERRORS,
  idParams,
  imageSchema,
  orderFields,
  ownFilterFields,
} from '../schemas.ts';
import type { RouteTools } from '../tools.ts';
import { unlessWaiting } from '../waiting.ts';

const notFound = (id: string) => new SemblanceError('not_found', `There is no image ${id}`);

/** Images whose sketches one response has. */
const MOST_SKETCHES = 500;

const groupSchema = z
  .object({ images: z.array(z.object({ img: imageSchema, similarity: z.number() })) })
  .meta({ id: 'DuplicateGroup' });

export const imageRoutes = {
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
  duplicates: defineRoute({
    method: 'get',
    path: '/images/duplicates',
    access: 'access',
    summary: 'Groups of images that look the same',
    query: z.object({ count: countField(15), prev_offset_id: imageId().optional() }),
    response: z.object({
      message: z.string(),
      groups: z
        .array(groupSchema)
        .describe('May be fewer than asked for while next_page_offset is not null.'),
      next_page_offset: z.uuid().nullable(),
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
  byId: defineRoute({
    method: 'get',
    path: '/images/id/:image_id',
    access: 'access',
    summary: 'One image, or that it waits in the queue',
    params: idParams,
    response: z.object({
      message: z.string(),
      img_status: z.enum(['mapped', 'in_queue']),
      img: imageSchema.nullable(),
    }),
    errors: ['not_found'],
  }),
  rendition: defineRoute({
    method: 'get',
    path: '/images/id/:image_id/rendition',
    access: 'access',
    summary:
      'A URL of the image in full resolution that browsers show; a WebP made now where they do not show it',
    params: idParams,
    response: z.object({ message: z.string(), url: z.string() }),
    errors: ['not_found', 'image_queued', 'store_unavailable', ...IMAGE_ERRORS],
  }),
  words: defineRoute({
    method: 'get',
    path: '/images/id/:image_id/words',
    access: 'access',
    summary: 'The lines of words in an image, and where in it they are',
    params: idParams,
    response: z.object({
      message: z.string(),
      lines: z
        .array(ocrLineSchema)
        .describe("Corners in px of the upright image; the text of a line that could not be read is ''."),
    }),
    errors: ['not_found', 'image_queued'],
  }),
  similarGroups: defineRoute({
    method: 'get',
    path: '/images/id/:image_id/similar-groups',
    access: 'access',
    summary: 'Images that look the same as this one',
    params: idParams,
    response: z.object({ message: z.string(), groups: z.array(groupSchema) }),
    errors: ['not_found', 'image_queued'],
  }),
};

/** /images. */
export function imagesApp({ deps, guard }: RouteTools) {
  const groupResponse = async (group: DuplicateGroup) => ({
    images: await Promise.all(
      group.images.map(async image => ({
        img: await imageResponse(image, deps.urls),
        similarity: image.similarity,
      })),
    ),
  });

  const renditions = openRenditions({
    derived: deps.derived,
    render: async (image: IndexedImage) => deps.images.render(await readBytesOf(deps, image)),
  });

  /** By id as existing clients go through them, where no other order and no cursor is asked for. */
  async function page(query: z.output<typeof imageRoutes.list.query>) {
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
    .get(imageRoutes.list.path, accept(guard, imageRoutes.list), async c => {
      const query = c.req.valid('query');
      const { found, ...next } = await page(query);
      const images = await Promise.all(found.map(image => imageResponse(image, deps.urls)));
      return c.json({ message: `${counted(images.length, 'image')}.`, images, ...next });
    })
    .get(imageRoutes.months.path, accept(guard, imageRoutes.months), async c => {
      const months = await countMonths(deps.index, filtersOf(c.req.valid('query')));
      return c.json({ message: `${counted(months.length, 'month')}.`, months });
    })
    .get(imageRoutes.duplicates.path, accept(guard, imageRoutes.duplicates), async c => {
      const { count, prev_offset_id: offset } = c.req.valid('query');
      const { groups, next } = await duplicateGroups(deps.index, { count, offset });
      return c.json({
        message: `${counted(groups.length, 'group')}.`,
        groups: await Promise.all(groups.map(groupResponse)),
        next_page_offset: next,
      });
    })
    .get(imageRoutes.sketches.path, accept(guard, imageRoutes.sketches), async c => {
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
    })
    .get(imageRoutes.byId.path, accept(guard, imageRoutes.byId), async c => {
      const { image_id: id } = c.req.valid('param');
      const found = await findImage(deps.index, id);
      const state = found ? 'indexed' : await deps.library.state(id);
      // indexed between the two looks: a poll must not be told that there is no such image
      const image = found ?? (state === 'indexed' ? await findImage(deps.index, id) : null);
      if (image) {
        const img = await imageResponse(image, deps.urls);
        return c.json({ message: 'Found.', img_status: 'mapped' as const, img });
      }
      if (state !== 'queued') throw notFound(id);
      return c.json({ message: 'It waits to be indexed.', img_status: 'in_queue' as const, img: null });
    })
    .get(imageRoutes.rendition.path, accept(guard, imageRoutes.rendition), async c => {
      const { image_id: id } = c.req.valid('param');
      const image = await findImage(deps.index, id);
      if (!image) return unlessWaiting(deps.library, [id])(notFound(id));
      const { local, url, format } = image.payload;
      if (!local) return c.json({ message: 'It is kept elsewhere.', url: url ?? '' });
      if (browsersShow(format))
        return c.json({ message: 'Browsers show it.', url: await deps.urls('original', image) });
      await renditions.ensure(image);
      return c.json({ message: 'Made for browsers.', url: await deps.urls('rendition', image) });
    })
    .get(imageRoutes.words.path, accept(guard, imageRoutes.words), async c => {
      const { image_id: id } = c.req.valid('param');
      const image = await findImage(deps.index, id);
      if (!image) return unlessWaiting(deps.library, [id])(notFound(id));
      const { ocr_lines: lines } = image.payload;
      return c.json({ message: `${counted(lines.length, 'line')}.`, lines });
    })
    .get(imageRoutes.similarGroups.path, accept(guard, imageRoutes.similarGroups), async c => {
      const { image_id: id } = c.req.valid('param');
      const group = await groupOf(deps.index, id).catch(unlessWaiting(deps.library, [id]));
      const groups = group ? [await groupResponse(group)] : [];
      return c.json({ message: `${counted(groups.length, 'group')}.`, groups });
    });
}
