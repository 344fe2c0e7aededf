import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Hono } from 'hono';
import { z } from 'zod';
import { uploadName } from '../../../shared/catalog/upload-name.ts';
import { SemblanceError } from '../../../shared/errors.ts';
import { bodyChunks } from '../body.ts';
import type { ApiEnv } from '../deps.ts';
import { imageId, integer, sha1Text, text } from '../fields.ts';
import { receiveFile } from '../received-file.ts';
import { accept, defineRoute } from '../route.ts';
import { messageSchema } from '../schemas.ts';
import type { RouteTools } from '../tools.ts';
import { announcedType, formatOf, formatOfType, uploadFields, uploadRecord } from '../upload-request.ts';

export const uploadRoutes = {
  announce: defineRoute({
    method: 'post',
    path: '/uploads',
    access: 'admin',
    summary: 'Announce an upload and get a URL that takes its bytes, of any size that is indexed',
    json: z.object({
      name: text({ min: 1, max: 1_024 }),
      bytes: integer({ ge: 1 }),
      type: announcedType,
      sha1: sha1Text().describe('Hex SHA-1 of the bytes.'),
      ...uploadFields,
    }),
    response: z.object({
      message: z.string(),
      image_id: z.uuid(),
      upload: z.object({
        url: z.string(),
        method: z.literal('PUT'),
        headers: z.record(z.string(), z.string()).describe('To be sent as they are.'),
      }),
      expires_at: z.string(),
    }),
    errors: ['duplicate_image', 'request_too_large'],
  }),
  put: defineRoute({
    method: 'put',
    path: '/uploads/:image_id',
    access: 'open',
    summary: 'The URL that POST /uploads gives on a laptop: takes the bytes, its signature lets it in',
    params: z.object({ image_id: imageId() }),
    query: z.object({ ticket: text({ min: 1, max: 4_096 }) }),
    response: messageSchema,
    errors: ['upload_refused', 'image_too_many_bytes', 'not_an_image', 'image_unsupported', 'image_empty'],
  }),
};

/** /uploads: bytes that don't pass through a multipart body. */
export function uploadsApp({ deps, guard }: RouteTools) {
  const { library, uploads } = deps;
  return new Hono<ApiEnv>()
    .post(uploadRoutes.announce.path, accept(guard, uploadRoutes.announce), async c => {
      const { name, bytes, type, sha1, ...fields } = c.req.valid('json');
      if (bytes > deps.limits.stored)
        throw new SemblanceError(
          'request_too_large',
          `Files larger than ${deps.limits.stored.toLocaleString('en')} bytes are not indexed`,
          { parameters: { max_bytes: deps.limits.stored } },
        );
      const format = formatOfType(type);
      const { id, key } = await library.expectUpload({
        bytes,
        sha1,
        format,
        record: { ...uploadRecord(fields), name: uploadName(name) },
      });
      const target = await uploads.announce({ id, key, bytes, contentType: type, sha1, format });
      return c.json({
        message: 'Send the bytes there.',
        image_id: id,
        upload: { url: target.url, method: target.method, headers: { ...target.headers } },
        expires_at: target.expiresAt.toISOString(),
      });
    })
    .put(uploadRoutes.put.path, accept(guard, uploadRoutes.put), async c => {
      const { image_id: id } = c.req.valid('param');
      const announced = uploads.receiver?.open(c.req.valid('query').ticket);
      if (!uploads.receiver || !announced || announced.id !== id)
        throw new SemblanceError('upload_refused', 'The URL is no longer valid');
      const stream = Readable.from(bodyChunks(c, announced.bytes, notAnnounced));
      const part = { filename: '', type: announced.contentType, stream };
      const file = await receiveFile(part, deps.temporaryFolder, announced.bytes);
      try {
        if (file.bytes !== announced.bytes || file.sha1 !== announced.sha1) throw notAnnounced();
        if (formatOf(file) !== announced.format)
          throw new SemblanceError('upload_refused', `The content is not ${announced.contentType}`);
        await uploads.receiver.store(announced, file.path);
      } finally {
        await rm(file.path, { force: true });
      }
      return c.json({ message: 'It is queued for indexing.' });
    });
}

const notAnnounced = () =>
  new SemblanceError('upload_refused', 'The bytes are not those that were announced');
