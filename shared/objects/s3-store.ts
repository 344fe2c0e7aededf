import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { SemblanceError } from '../errors.ts';
import type { ByteRange, ObjectInfo, ObjectStore, PutOptions } from './object-store.ts';
import { isConditionFailure, isMissing, s3Error } from './s3-error.ts';

export type S3StoreOptions = {
  readonly client: S3Client;
  readonly bucket: string;
  /** What every key in the bucket begins with, e.g. `photos/`; '' is the whole bucket. */
  readonly prefix?: string;
};

/** Reads of one body before a broken one is left to a later try. */
const MOST_READS = 3;

/** A client whose calls end: the SDK's retries with jitter, and no wait without an end. */
export const createS3Client = ({ maxAttempts = 5, requestTimeout = 20_000 } = {}): S3Client =>
  new S3Client({
    maxAttempts,
    followRegionRedirects: true,
    requestHandler: { connectionTimeout: 3_000, requestTimeout },
  });

/**
 * An ObjectStore in an S3 bucket. ETags are S3's, quotes included. A key is the object's name after the prefix,
 * to the letter: `a//b.jpg`, `/a.jpg`, `a/../b.jpg` and names in any Unicode normal form are names like others.
 */
export function openS3Store({ client, bucket, prefix = '' }: S3StoreOptions): ObjectStore {
  const calling = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw s3Error(error, `s3://${bucket}/${prefix}${key}`);
    }
  };

  /** Null when there is no such object. */
  async function unlessMissing<T>(key: string, work: (name: string) => Promise<T>): Promise<T | null> {
    try {
      return await calling(key, () => work(nameOf(key)));
    } catch (error) {
      if (error instanceof SemblanceError && isMissing(error.cause)) return null;
      throw error;
    }
  }

  function nameOf(key: string): string {
    if (key !== '') return prefix + key;
    throw new SemblanceError('invalid_request', 'An object must have a name');
  }

  const open = (key: string, range?: ByteRange): Promise<Opened | null> =>
    unlessMissing(key, async name => {
      const output = await client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: name,
          ...(range ? { Range: `bytes=${range.start}-${range.end}` } : {}),
        }),
      );
      return { output, info: infoOf(key, { ...output, ContentLength: sizeOf(output) }) };
    });

  /** `brokenOff` says why where the body did not come whole. */
  async function read(
    key: string,
    maxBytes: number,
  ): Promise<{ info: ObjectInfo; bytes: Uint8Array } | { brokenOff: unknown } | null> {
    const opened = await open(key);
    if (!opened) return null;
    const { output, info } = opened;
    if (info.bytes > maxBytes) {
      await bodyOf(output).transformToWebStream().cancel();
      throw new SemblanceError(
        'image_too_many_bytes',
        `${key} has ${info.bytes} bytes, more than ${maxBytes}`,
        { parameters: { bytes: info.bytes, max_bytes: maxBytes } },
      );
    }
    try {
      const bytes = await bodyOf(output).transformToByteArray();
      if (bytes.length === info.bytes) return { info, bytes };
      return { brokenOff: new Error(`${bytes.length} of ${info.bytes} bytes came`) };
    } catch (cause) {
      return { brokenOff: cause };
    }
  }

  async function head(key: string): Promise<ObjectInfo | null> {
    return unlessMissing(key, async name =>
      infoOf(key, await client.send(new HeadObjectCommand({ Bucket: bucket, Key: name }))),
    );
  }

  return {
    head,

    async get(key, maxBytes) {
      // The SDK retries a request, but not a body that was cut off.
      let cause: unknown;
      for (let attempt = 1; attempt <= MOST_READS; attempt++) {
        const found = await read(key, maxBytes);
        if (!found || 'bytes' in found) return found;
        cause = found.brokenOff;
      }
      throw new SemblanceError('store_unavailable', `The bytes of ${key} broke off ${MOST_READS} times`, {
        cause,
      });
    },

    async stream(key, range) {
      const opened = await open(key, range);
      return opened && { info: opened.info, body: bodyOf(opened.output).transformToWebStream() };
    },

    async put(key, body, options) {
      const name = nameOf(key);
      const bytes = body instanceof Uint8Array ? body.length : (await stat(body.file)).size;
      const output = await conditional(key, () =>
        calling(key, () =>
          client.send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: name,
              Body: body instanceof Uint8Array ? body : createReadStream(body.file),
              ContentLength: bytes,
              ContentType: options.contentType,
              ...conditionOf(options),
            }),
          ),
        ),
      );
      if (!(body instanceof Uint8Array)) await rm(body.file, { force: true });
      return infoOf(key, { ETag: output.ETag, ContentLength: bytes, LastModified: new Date() });
    },

    async delete(key) {
      await unlessMissing(key, name => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: name })));
    },

    async move(from, to) {
      const target = nameOf(to);
      const moved = await unlessMissing(from, async name => {
        await client.send(
          new CopyObjectCommand({
            Bucket: bucket,
            Key: target,
            CopySource: `${bucket}/${name}`.split('/').map(encodeURIComponent).join('/'),
          }),
        );
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: name }));
        return true;
      });
      return moved ?? false;
    },

    async *list(under, _unlisted, after) {
      // XML alone can't represent some characters, and changes line ends.
      const input = { Bucket: bucket, Prefix: prefix + under, EncodingType: 'url' } as const;
      const start = after === undefined ? {} : { StartAfter: prefix + after };
      const pages = paginateListObjectsV2({ client }, { ...input, ...start });
      try {
        for await (const page of pages) {
          for (const object of page.Contents ?? []) {
            const name = page.EncodingType === 'url' ? decodeName(object.Key ?? '') : (object.Key ?? '');
            const key = name.slice(prefix.length);
            // Consoles make "folders" as objects whose name ends with '/'.
            if (key === '' || key.endsWith('/')) continue;
            yield infoOf(key, { ...object, ContentLength: object.Size });
          }
        }
      } catch (error) {
        throw s3Error(error, `s3://${bucket}/${prefix}${under}`);
      }
    },
  };
}

type Opened = { readonly output: GetObjectCommandOutput; readonly info: ObjectInfo };

/** Names in a list are encoded as forms do: a space is '+', a plus '%2B'. */
const decodeName = (encoded: string): string => decodeURIComponent(encoded.replaceAll('+', ' '));

function infoOf(
  key: string,
  found: { ETag?: string | undefined; ContentLength?: number | undefined; LastModified?: Date | undefined },
): ObjectInfo {
  const { ETag: etag, ContentLength: bytes, LastModified: modified } = found;
  if (etag === undefined || bytes === undefined || modified === undefined)
    throw new SemblanceError(
      'store_unavailable',
      `The response about ${key} is without its ETag, size or time`,
    );
  return { key, etag, bytes, modified };
}

/** Size of the whole object: of a part, `Content-Range` has it. */
const sizeOf = ({ ContentRange, ContentLength }: GetObjectCommandOutput): number | undefined =>
  ContentRange === undefined ? ContentLength : Number(/\/(\d+)$/.exec(ContentRange)?.[1]);

function bodyOf({ Body }: GetObjectCommandOutput): NonNullable<GetObjectCommandOutput['Body']> {
  if (!Body)
    throw new SemblanceError('store_unavailable', 'The response with an object is without its bytes');
  return Body;
}

const conditionOf = ({ ifMatch }: PutOptions) =>
  ifMatch === undefined ? {} : ifMatch === null ? { IfNoneMatch: '*' } : { IfMatch: ifMatch };

/** S3 responds with 412, with 409 where two write at once, and with 404 to If-Match where nothing is. */
async function conditional<T>(key: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof SemblanceError ? error.cause : undefined;
    if (isConditionFailure(cause) || isMissing(cause))
      throw new SemblanceError('precondition_failed', `${key} is not what it was when it was read`, {
        cause,
      });
    throw error;
  }
}
