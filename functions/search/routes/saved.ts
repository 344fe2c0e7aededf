import { Hono } from 'hono';
import { z } from 'zod';
import { openAlbums } from '../../../shared/gallery/albums.ts';
import { openSavedSearches, type SavedSearch } from '../../../shared/gallery/saved-searches.ts';
import { counted } from '../../../shared/progress.ts';
import type { ApiEnv } from '../deps.ts';
import { imageId, text, truth } from '../fields.ts';
import { imageResponse } from '../image-response.ts';
import { keptQueryField } from '../kept-query.ts';
import { accept, defineRoute } from '../route.ts';
import { imageSchema, messageSchema } from '../schemas.ts';
import type { RouteTools } from '../tools.ts';

const savedSearchSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    query: z.record(z.string(), z.unknown()),
    pinned: z.boolean(),
    created: z.string(),
  })
  .meta({ id: 'SavedSearch' });

const nameField = text({ min: 1, max: 200 });
const searchParams = z.object({ search_id: imageId() });

export const savedRoutes = {
  searches: defineRoute({
    method: 'get',
    path: '/saved-searches',
    access: 'access',
    summary: 'Searches that were kept by name, the oldest first',
    response: z.object({ message: z.string(), searches: z.array(savedSearchSchema) }),
    errors: [],
  }),
  save: defineRoute({
    method: 'post',
    path: '/admin/saved-searches',
    access: 'admin',
    summary: 'Keep a search by name',
    json: z.object({ name: nameField, query: keptQueryField, pinned: truth().prefault(false) }),
    response: z.object({ message: z.string(), search: savedSearchSchema }),
    errors: [],
  }),
  change: defineRoute({
    method: 'put',
    path: '/admin/saved-searches/:search_id',
    access: 'admin',
    summary: 'Rename a kept search, pin it, or replace what it searches for; null keeps a field',
    params: searchParams,
    json: z.object({ name: nameField.nullish(), query: keptQueryField.nullish(), pinned: truth().nullish() }),
    response: z.object({ message: z.string(), search: savedSearchSchema }),
    errors: ['not_found'],
  }),
  forget: defineRoute({
    method: 'delete',
    path: '/admin/saved-searches/:search_id',
    access: 'admin',
    summary: 'Forget a kept search',
    params: searchParams,
    response: messageSchema,
    errors: [],
  }),
  albums: defineRoute({
    method: 'get',
    path: '/albums',
    access: 'access',
    summary: 'Categories as albums: how many images, and one that stands for them; pinned ones first',
    response: z.object({
      message: z.string(),
      albums: z.array(
        z.object({
          category: z.string(),
          count: z.number(),
          pinned: z.boolean(),
          cover: imageSchema.nullable(),
        }),
      ),
    }),
    errors: [],
  }),
  changeAlbum: defineRoute({
    method: 'put',
    path: '/admin/albums/:category{.+}',
    access: 'admin',
    summary: "Choose an album's cover, or pin it",
    params: z.object({ category: text({ min: 1 }) }),
    json: z.object({
      cover: imageId().nullable().optional().describe('null: its latest image.'),
      pinned: truth().optional(),
    }),
    response: messageSchema,
    errors: [],
  }),
};

const searchResponse = ({ version: _, ...search }: SavedSearch) => search;

/** What people keep beside images: searches by name, and how albums look. */
export function savedApp({ deps, guard }: RouteTools) {
  const searches = openSavedSearches(deps);
  const albums = openAlbums(deps);
  return new Hono<ApiEnv>()
    .get(savedRoutes.searches.path, accept(guard, savedRoutes.searches), async c => {
      const kept = (await searches.list()).map(searchResponse);
      return c.json({ message: `${kept.length} kept.`, searches: kept });
    })
    .post(savedRoutes.save.path, accept(guard, savedRoutes.save), async c =>
      c.json({ message: 'Kept.', search: searchResponse(await searches.add(c.req.valid('json'))) }),
    )
    .put(savedRoutes.change.path, accept(guard, savedRoutes.change), async c => {
      const { name, query, pinned } = c.req.valid('json');
      const search = await searches.change(c.req.valid('param').search_id, {
        ...(name ? { name } : {}),
        ...(query ? { query } : {}),
        ...(typeof pinned === 'boolean' ? { pinned } : {}),
      });
      return c.json({ message: 'Changed.', search: searchResponse(search) });
    })
    .delete(savedRoutes.forget.path, accept(guard, savedRoutes.forget), async c => {
      await searches.remove(c.req.valid('param').search_id);
      return c.json({ message: 'Forgotten.' });
    })
    .get(savedRoutes.albums.path, accept(guard, savedRoutes.albums), async c => {
      const list = await Promise.all(
        (await albums.list()).map(async album => ({
          ...album,
          cover: album.cover && (await imageResponse(album.cover, deps.urls)),
        })),
      );
      return c.json({ message: `${counted(list.length, 'album')}.`, albums: list });
    })
    .put(savedRoutes.changeAlbum.path, accept(guard, savedRoutes.changeAlbum), async c => {
      const { cover, pinned } = c.req.valid('json');
      await albums.change(c.req.valid('param').category, {
        ...(cover === undefined ? {} : { cover }),
        ...(pinned === undefined ? {} : { pinned }),
      });
      return c.json({ message: 'Changed.' });
    });
}
