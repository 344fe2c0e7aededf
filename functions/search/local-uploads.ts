import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { imageFormatSchema } from '../../shared/catalog/ids.ts';
import type { ObjectStore } from '../../shared/objects/object-store.ts';
import type { WorkQueue } from '../../shared/queue/work-queue.ts';
import type { AnnouncedUpload, UploadUrls } from './deps.ts';

/** ms for which a URL takes its bytes. */
const VALID_MS = 3_600_000;

const ticketSchema = z.object({
  id: z.string(),
  key: z.string(),
  bytes: z.number(),
  contentType: z.string(),
  sha1: z.string(),
  format: imageFormatSchema,
  expires: z.number(),
});

/**
 * Upload URLs of this server itself. All that was announced is in the URL, signed with a secret of this process,
 * as in a presigned URL of S3.
 */
export function localUploads(deps: {
  readonly originals: ObjectStore;
  readonly queue: Pick<WorkQueue, 'send'>;
  readonly now?: () => number;
}): UploadUrls {
  const { originals, queue, now = Date.now } = deps;
  const secret = randomBytes(32);
  const sign = (body: string): Buffer => createHmac('sha256', secret).update(body).digest();

  return {
    async announce(upload) {
      const expires = now() + VALID_MS;
      const body = Buffer.from(JSON.stringify({ ...upload, expires })).toString('base64url');
      const ticket = `${body}.${sign(body).toString('base64url')}`;
      return {
        url: `/uploads/${upload.id}?ticket=${ticket}`,
        method: 'PUT',
        headers: { 'Content-Type': upload.contentType },
        expiresAt: new Date(expires),
      };
    },
    receiver: {
      open(ticket): AnnouncedUpload | null {
        const [body = '', signature = ''] = ticket.split('.');
        const given = Buffer.from(signature, 'base64url');
        const right = sign(body);
        if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
        const { expires, ...upload } = ticketSchema.parse(
          JSON.parse(Buffer.from(body, 'base64url').toString('utf8')),
        );
        return expires > now() ? upload : null;
      },
      async store({ key, contentType }, file) {
        await originals.put(key, { file }, { contentType });
        await queue.send([key]);
      },
    },
  };
}
