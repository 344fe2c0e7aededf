import { Hono } from 'hono';
import { z } from 'zod';
import { counted } from '../../../shared/progress.ts';
import { type DuplicateGroup, duplicateGroups, groupOf } from '../../../shared/search/near-duplicates.ts';
import type { ApiEnv } from '../deps.ts';
import { imageId } from '../fields.ts';
import { imageResponse } from '../image-response.ts';
import { accept, defineRoute } from '../route.ts';
import { countField, idParams, imageSchema } from '../schemas.ts';
import type { RouteTools } from '../tools.ts';
import { unlessWaiting } from '../waiting.ts';

const groupSchema = z
  .object({ images: z.array(z.object({ img: imageSchema, similarity: z.number() })) })
  .meta({ id: 'DuplicateGroup' });

export const duplicateRoutes = {
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
        .describe('May be fewer than requested while next_page_offset is not null.'),
      next_page_offset: z.uuid().nullable(),
    }),
    errors: [],
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

/** Images that look the same: resized, recompressed or converted copies of each other. */
export function duplicatesApp({ deps, guard }: RouteTools) {
  const groupResponse = async (group: DuplicateGroup) => ({
    images: await Promise.all(
      group.images.map(async image => ({
        img: await imageResponse(image, deps.urls),
        similarity: image.similarity,
      })),
    ),
  });

  return new Hono<ApiEnv>()
    .get(duplicateRoutes.duplicates.path, accept(guard, duplicateRoutes.duplicates), async c => {
      const { count, prev_offset_id: offset } = c.req.valid('query');
      const { groups, next } = await duplicateGroups(deps.index, { count, offset });
      return c.json({
        message: `${counted(groups.length, 'group')}.`,
        groups: await Promise.all(groups.map(groupResponse)),
        next_page_offset: next,
      });
    })
    .get(duplicateRoutes.similarGroups.path, accept(guard, duplicateRoutes.similarGroups), async c => {
      const { image_id: id } = c.req.valid('param');
      const group = await groupOf(deps.index, id).catch(unlessWaiting(deps.library, [id]));
      const groups = group ? [await groupResponse(group)] : [];
      return c.json({ message: `${counted(groups.length, 'group')}.`, groups });
    });
}
