import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { LRUCache } from 'lru-cache';
import { mediaTypeOf } from '../../shared/catalog/formats.ts';
import { renditionKey } from '../../shared/gallery/renditions.ts';
import { derivedImageKey } from '../../shared/indexing/derived-store.ts';
import type { Place } from '../compose-cloud.ts';
import type { ImageUrls, UploadUrls } from './deps.ts';
import type { MediaUrls } from './media-urls.ts';

/** The signing time is rounded down to this, so that everyone gets the same URL and caches work. */
const WINDOW_MS = 1_800_000;

/** s a URL lasts from its rounded signing time: at least an hour is left when it is given. */
const GET_SECONDS = 5_400;
const PUT_SECONDS = 3_600;

const MAX_URLS = 10_000;

type Signing = {
  /** Made with both checksum options WHEN_REQUIRED, else URLs carry checksums that clients don't send. */
  readonly client: S3Client;
  readonly now?: () => number;
};

type UrlOptions = Signing & {
  /** The place of an original, by its key. */
  readonly placeOf: (key: string) => Place;
  readonly derived: Place;
  /** Signs thumbnails and previews where CloudFront serves them; else they are presigned too. */
  readonly media?: MediaUrls | undefined;
};

/** URLs of images; the content types of presigned GETs are ours, whatever the object claims to be. */
export function s3Urls({ client, placeOf, derived, media, now = Date.now }: UrlOptions): ImageUrls {
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
      ).then(signed => loadable(signed, prefix + key));
    known.set(name, url);
    return url;
  };

  return (kind, { id, payload }) => {
    const signedAt = Math.floor(now() / WINDOW_MS) * WINDOW_MS;
    if (kind === 'original')
      return sign(placeOf(payload.key), payload.key, mediaTypeOf(payload.format), signedAt);
    if (kind === 'rendition') return sign(derived, renditionKey(id, payload), 'image/webp', signedAt);
    const key = derivedImageKey(kind, id);
    const version = kind === 'thumbnail' ? payload.thumbnail_etag : payload.preview_etag;
    return media ? Promise.resolve(media(key, version)) : sign(derived, key, 'image/webp', signedAt);
  };
}

/**
 * A URL that browsers send as it is: they take a segment `.` or `..` for a step in a path, so between the segments of
 * such a name `/` is encoded. The signature is over the name, in which S3 has it decoded.
 */
function loadable(url: string, name: string): string {
  if (!name.split('/').some(segment => segment === '.' || segment === '..')) return url;
  const [address = '', query = ''] = url.split('?');
  const encoded = name.split('/').map(encodeSegment);
  const place = address.lastIndexOf(encoded.join('/'));
  return `${address.slice(0, place)}${encoded.join('%2F')}?${query}`;
}

/** Encodes the segments of a key as the SDK does. */
const encodeSegment = (segment: string): string =>
  encodeURIComponent(segment).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/**
 * Presigned PUTs to the bucket, whose event then starts the indexing. Length, type and SHA-1 are signed: S3
 * rejects other bytes.
 */
export function s3Uploads(options: Signing & { readonly uploads: Place }): UploadUrls {
  const { client, uploads, now = Date.now } = options;
  return {
    async announce({ key, bytes, contentType, sha1 }) {
      const signingDate = new Date(now());
      const checksum = Buffer.from(sha1, 'hex').toString('base64');
      const signed = new Set(['content-length', 'content-type', 'x-amz-checksum-sha1']);
      const url = await getSignedUrl(
        client,
        new PutObjectCommand({
          Bucket: uploads.bucket,
          Key: uploads.prefix + key,
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
