import { Hono } from 'hono';
import { z } from 'zod';
import { browsersShow } from '../../../shared/catalog/formats.ts';
import { ocrLineSchema } from '../../../shared/catalog/ocr-line.ts';
import { SemblanceError } from '../../../shared/errors.ts';
import { openRenditions } from '../../../shared/gallery/renditions.ts';
import { counted } from '../../../shared/progress.ts';
import { findImage, type IndexedImage } from '../../../shared/search/images.ts';
import type { ApiEnv } from '../deps.ts';
import { imageResponse } from '../image-response.ts';
import { readBytesOf } from '../read-original.ts';
import { accept, defineRoute } from '../route.ts';
import { IMAGE_ERRORS, idParams, imageSchema } from '../schemas.ts';
import type { RouteTools } from '../tools.ts';
import { unlessWaiting } from '../waiting.ts';

const notFound = (id: string) => new SemblanceError('not_found', `There is no image ${id}`);

export const imageRoutes = {
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
};

/** One image by its id. */
export function imageApp({ deps, guard }: RouteTools) {
  const renditions = openRenditions({
    derived: deps.derived,
    render: async (image: IndexedImage) => deps.images.render(await readBytesOf(deps, image)),
  });

  return new Hono<ApiEnv>()
    .get(imageRoutes.byId.path, accept(guard, imageRoutes.byId), async c => {
      const { image_id: id } = c.req.valid('param');
      const found = await findImage(deps.index, id);
      const state = found ? 'indexed' : await deps.library.state(id);
      // It may have been indexed between the two look-ups: a client that polls must not get a 404 then.
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
    });
}
