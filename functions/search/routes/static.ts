import { Hono } from 'hono';
import { z } from 'zod';
import { imageIdSchema, parseOwnKey } from '../../../shared/catalog/ids.ts';
import { SemblanceError } from '../../../shared/errors.ts';
import { renditionKey } from '../../../shared/gallery/renditions.ts';
import { derivedImageKey } from '../../../shared/indexing/derived-store.ts';
import type { ObjectStore } from '../../../shared/objects/object-store.ts';
import { findImage, type IndexedImage } from '../../../shared/search/images.ts';
import type { ApiEnv } from '../deps.ts';
import { text } from '../fields.ts';
import { accept, defineRoute } from '../route.ts';
import { serveObject } from '../serve-object.ts';
import type { RouteTools } from '../tools.ts';

export const staticRoutes = {
  file: defineRoute({
    method: 'get',
    path: '/static/:file{.+}',
    access: 'open',
    summary:
      "An image's file: <id>.<format>, thumbnails/<id>.webp, previews/<id>.webp or renditions/<id>.webp",
    params: z.object({ file: text() }),
    response: 'image/*',
    errors: ['not_found', 'condition_failed', 'range_not_satisfiable', 'store_unavailable'],
  }),
};

/** What a request may name: an id and an extension, nothing that could be a path. */
const FILE = /^(?:(thumbnails|previews|renditions)\/)?([0-9a-f-]{36})\.([a-z]+)$/;

type Stores = { readonly originals: ObjectStore; readonly derived: ObjectStore };

/** /static: what local urls point to. Only files that a stored image names are served, whatever else is in the folder. */
export function staticApp({ deps, guard }: RouteTools) {
  return new Hono<ApiEnv>().get(staticRoutes.file.path, accept(guard, staticRoutes.file), async c => {
    const [, folder, name, extension] = FILE.exec(c.req.valid('param').file) ?? [];
    const id = imageIdSchema.safeParse(name).data;
    const image = deps.servesFiles && id === name && id ? await findImage(deps.index, id) : null;
    const object = image && locate(deps, image, folder, extension);
    const response = object && (await serveObject(c, object));
    if (!response) throw new SemblanceError('not_found', 'There is no such file');
    return response;
  });
}

function locate(
  stores: Stores,
  { id, payload }: IndexedImage,
  folder: string | undefined,
  extension: string | undefined,
) {
  // The bytes of an upload never change under its id. A file of a folder may change, so caches must revalidate it.
  const immutable = parseOwnKey(payload.key) !== null;
  if (folder === undefined) {
    if (!payload.local || extension !== payload.format) return null;
    return { store: stores.originals, key: payload.key, type: `image/${payload.format}`, immutable };
  }
  if (extension !== 'webp') return null;
  if (folder === 'renditions') {
    const key = renditionKey(id, payload);
    return payload.local ? { store: stores.derived, key, type: 'image/webp', immutable } : null;
  }
  const exists = folder === 'thumbnails' ? payload.has_thumbnail : payload.has_preview;
  const key = derivedImageKey(folder === 'thumbnails' ? 'thumbnail' : 'preview', id);
  return exists ? { store: stores.derived, key, type: 'image/webp', immutable } : null;
}
