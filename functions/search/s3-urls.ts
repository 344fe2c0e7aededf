import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { LRUCache } from 'lru-cache';
import { previewKey, thumbnailKey } from '../../shared/catalog/derived-keys.ts';
import type { Place } from '../compose-cloud.ts';
import type { ImageUrls, UploadUrls } from './deps.ts';

/** The signing time is rounded down to this, so that everyone gets the same URL and caches work. */
const WINDOW_MS = 1_800_000;

/** s a URL lasts from its rounded signing time: at least an hour is left when it is given. */
const GET_SECONDS = 5_400;
const PUT_SECONDS = 3_600;

const MAX_URLS = 10_000;

type Signing = {
  /** Made with both checksum options WHEN_REQUIRED, else URLs carry checksums that clients don't send. */
  readonly client: S3Client;
  readonly originals: Place;
  readonly now?: () => number;
};

/** Presigned GETs of images; content types are ours, whatever the object claims to be. */
export function s3Urls(options: Signing & { readonly derived: Place }): ImageUrls {
  const { client, originals, derived, now = Date.now } = options;
  const known = new LRUCache<string, Promise<string>>({ max: MAX_URLS });

  const sign = ({ bucket, prefix }: Place, key: string, type: string, signedAt: number): Promise<string> => {
    const name = `${signedAt} ${bucket} ${prefix}${key}`;
    const url =
      known.get(name) ??
      getSignedUrl(
        client,
        new GetObjectCommand({
          Bucket: bucket,
          Key: prefix + key,
          ResponseContentType: type,
          ResponseCacheControl: `private, max-age=${WINDOW_MS / 1000}`,
        }),
        { expiresIn: GET_SECONDS, signingDate: new Date(signedAt) },
      );
    known.set(name, url);
    return url;
  };

  return (kind, { id, payload }) => {
    const signedAt = Math.floor(now() / WINDOW_MS) * WINDOW_MS;
    if (kind === 'original') return sign(originals, payload.key, `image/${payload.format}`, signedAt);
    return sign(derived, kind === 'thumbnail' ? thumbnailKey(id) : previewKey(id), 'image/webp', signedAt);
  };
}

/**
 * Presigned PUTs to the bucket, whose event then starts the indexing. Length, type and SHA-1 are signed: S3
 * rejects other bytes.
 */
export function s3Uploads({ client, originals, now = Date.now }: Signing): UploadUrls {
  return {
    async announce({ key, bytes, contentType, sha1 }) {
      const signingDate = new Date(now());
      const checksum = Buffer.from(sha1, 'hex').toString('base64');
      const signed = new Set(['content-length', 'content-type', 'x-amz-checksum-sha1']);
      const url = await getSignedUrl(
        client,
        new PutObjectCommand({
          Bucket: originals.bucket,
          Key: originals.prefix + key,
          ContentLength: bytes,
          ContentType: contentType,
          ChecksumSHA1: checksum,
        }),
        { expiresIn: PUT_SECONDS, signingDate, signableHeaders: signed, unhoistableHeaders: signed },
      );
      return {
        url,
        method: 'PUT',
        headers: {
          'Content-Type': contentType,
          'Content-Length': String(bytes),
          'x-amz-checksum-sha1': checksum,
        },
        expiresAt: new Date(signingDate.getTime() + PUT_SECONDS * 1000),
      };
    },
  };
}
