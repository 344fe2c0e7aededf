import { randomBytes } from 'node:crypto';
import { makeZip } from 'client-zip';
import { Hono } from 'hono';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { SemblanceError } from '../../../shared/errors.ts';
import { archiveNames } from '../../../shared/gallery/file-names.ts';
import { type IndexedImage, imageOf } from '../../../shared/search/images.ts';
import type { ApiEnv, AppDeps } from '../deps.ts';
import { text } from '../fields.ts';
import { imageResponse } from '../image-response.ts';
import { idsField } from '../many.ts';
import { accept, defineRoute } from '../route.ts';
import type { RouteTools } from '../tools.ts';

export const downloadRoutes = {
  prepare: defineRoute({
    method: 'post',
    path: '/downloads',
    access: 'access',
    summary: 'The files of several images, and on a laptop a URL of them all as one zip',
    json: z.object({ ids: idsField }),
    response: z.object({
      message: z.string(),
      url: z
        .string()
        .nullable()
        .describe('Of the zip, for an hour, without a token. null on AWS: get the files by their own urls.'),
      files: z
        .array(z.object({ id: z.uuid(), name: z.string(), url: z.string(), bytes: z.number() }))
        .describe(
          'Those that are indexed, in the order of the request, under the names they have in the zip.',
        ),
    }),
    errors: [],
  }),
  zip: defineRoute({
    method: 'get',
    path: '/downloads/:ticket',
    access: 'open',
    summary: 'A zip of the images that were named to POST /downloads; it is sent while the files are read',
    params: z.object({ ticket: text({ min: 1, max: 100 }) }),
    response: 'application/zip',
    errors: ['not_found'],
  }),
};

const VALID_MS = 3_600_000;
const MAX_TICKETS = 1_000;
/** Images whose payloads are read at once. */
const AT_ONCE = 100;

/** /downloads: many originals at once. */
export function downloadsApp({ deps, guard }: RouteTools) {
  /** Ids by ticket, in this process: after a restart a client requests its download again. */
  const tickets = new LRUCache<string, readonly string[]>({ max: MAX_TICKETS, ttl: VALID_MS });

  return new Hono<ApiEnv>()
    .post(downloadRoutes.prepare.path, accept(guard, downloadRoutes.prepare), async c => {
      const images = await imagesOf(deps, [...new Set(c.req.valid('json').ids)]);
      const names = archiveNames(images);
      const files = await Promise.all(
        images.map(async image => {
          const { id, url, bytes } = await imageResponse(image, deps.urls);
          return { id, name: names.get(id) ?? id, url, bytes };
        }),
      );
      const ticket = `${randomBytes(24).toString('base64url')}.zip`;
      if (deps.servesFiles)
        tickets.set(
          ticket,
          files.map(({ id }) => id),
        );
      const url = deps.servesFiles ? `/downloads/${ticket}` : null;
      return c.json({ message: `${files.length} files.`, url, files });
    })
    .get(downloadRoutes.zip.path, accept(guard, downloadRoutes.zip), async c => {
      const ids = tickets.get(c.req.valid('param').ticket);
      if (!ids) throw new SemblanceError('not_found', 'This download is over; ask for it again');
      const day = new Date().toISOString().slice(0, 10);
      return c.body(makeZip(entriesOf(deps, ids)), 200, {
        'Content-Type': 'application/zip',
        'Content-Disposition': `attachment; filename="images-${day}.zip"`,
        'Cache-Control': 'private, no-store',
      });
    });
}

async function imagesOf({ index }: AppDeps, ids: readonly string[]): Promise<IndexedImage[]> {
  const images: IndexedImage[] = [];
  for (let start = 0; start < ids.length; start += AT_ONCE)
    images.push(...(await index.retrieve(ids.slice(start, start + AT_ONCE))).map(imageOf));
  return images;
}

/** The files one after another, and at the end a list of those that could not be read, so that an incomplete zip says so. */
async function* entriesOf(deps: AppDeps, ids: readonly string[]) {
  const images = await imagesOf(deps, ids);
  const names = archiveNames(images);
  const missing = ids.length - images.length;
  const left: string[] = missing > 0 ? [`${missing} were deleted meanwhile`] : [];
  for (const { id, payload } of images) {
    const name = names.get(id) ?? id;
    if (!payload.local) {
      left.push(`${name}: it is kept elsewhere, ${payload.url ?? ''}`);
      continue;
    }
    const found = await deps.originals.stream(payload.key);
    if (found) yield { name, lastModified: found.info.modified, input: found.body };
    else left.push(`${name}: the file is gone`);
  }
  if (left.length > 0) yield { name: 'not in this archive.txt', input: `${left.join('\n')}\n` };
}
