import { Hono } from 'hono';
import { z } from 'zod';
import type { TrashedImage } from '../../../shared/catalog/trash-entry.ts';
import { counted } from '../../../shared/progress.ts';
import type { ApiEnv } from '../deps.ts';
import { eachOf, idsField, outcomesSchema } from '../many.ts';
import { accept, defineRoute } from '../route.ts';
import type { RouteTools } from '../tools.ts';

const trashedSchema = z
  .object({
    id: z.uuid(),
    name: z.string().nullable().describe('Name that it came with; null where none is known.'),
    bytes: z.number(),
    deleted: z.string(),
    emptied: z.string().describe('When it is deleted for good.'),
  })
  .meta({ id: 'TrashedImage' });

export const trashRoutes = {
  list: defineRoute({
    method: 'get',
    path: '/admin/trash',
    access: 'admin',
    summary: 'Deleted uploads that can be restored, deleted last first',
    response: z.object({ message: z.string(), images: z.array(trashedSchema) }),
    errors: [],
  }),
  restore: defineRoute({
    method: 'post',
    path: '/admin/trash/restore',
    access: 'admin',
    summary: 'Bring deleted uploads back, with their annotations',
    json: z.object({ ids: idsField }),
    response: outcomesSchema,
    errors: [],
  }),
  empty: defineRoute({
    method: 'delete',
    path: '/admin/trash',
    access: 'admin',
    summary: 'Delete for good what is in the trash: those of the ids, or all',
    json: z.object({ ids: idsField.nullish() }),
    response: z.object({ message: z.string(), deleted: z.number() }),
    errors: [],
  }),
};

/** /admin/trash: uploads that were deleted through the API, kept for 30 days. */
export function trashApp({ deps: { library }, guard }: RouteTools) {
  return new Hono<ApiEnv>()
    .get(trashRoutes.list.path, accept(guard, trashRoutes.list), async c => {
      const images: TrashedImage[] = await library.trash();
      return c.json({ message: `${counted(images.length, 'image')} in the trash.`, images });
    })
    .post(trashRoutes.restore.path, accept(guard, trashRoutes.restore), async c =>
      c.json(await eachOf(c.req.valid('json').ids, id => library.restore(id))),
    )
    .delete(trashRoutes.empty.path, accept(guard, trashRoutes.empty), async c => {
      const { ids } = c.req.valid('json');
      const deleted = await library.emptyTrash(ids ? { ids } : {});
      return c.json({ message: `${counted(deleted, 'image')} deleted for good.`, deleted });
    });
}
