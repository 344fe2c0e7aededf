import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SemblanceError } from '../../shared/errors.ts';
import { fileError, onDisk } from '../../shared/file-error.ts';
import type { FilePart } from './multipart.ts';

/** A file that came in, now in a temporary file. */
export type ReceivedFile = {
  readonly path: string;
  readonly filename: string;
  /** Media type as the client wrote it. */
  readonly type: string;
  readonly bytes: number;
  readonly sha1: string;
  /** The first bytes, enough to recognise its format. */
  readonly head: Uint8Array;
};

const HEAD_BYTES = 4_096;

/**
 * Writes a part to a temporary file as it comes, hashing it on the way. The file is gone when this throws.
 * @param limit bytes
 * @throws image_too_many_bytes once it has all passed; disk_full, data_read_only
 */
export async function receiveFile(
  part: Pick<FilePart, 'filename' | 'type'> & { readonly stream: Readable },
  folder: string,
  limit: number,
): Promise<ReceivedFile> {
  await onDisk(folder, () => mkdir(folder, { recursive: true }));
  const path = join(folder, `upload-${randomUUID()}`);
  const hash = createHash('sha1');
  const size = counting(limit);
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!size.fits(chunk)) return done();
      hash.update(chunk);
      return done(null, chunk);
    },
  });
  try {
    await pipeline(part.stream, measure, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    size.check();
    return {
      path,
      filename: part.filename,
      type: part.type,
      bytes: size.bytes(),
      sha1: hash.digest('hex'),
      head: await readHead(path),
    };
  } catch (error) {
    await rm(path, { force: true });
    throw fileError(error, 'the upload') ?? error;
  }
}

/** A small part as bytes. @throws image_too_many_bytes once it has all passed */
export async function receiveBytes(part: FilePart, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const size = counting(limit);
  for await (const chunk of part.stream) if (size.fits(chunk)) chunks.push(chunk);
  size.check();
  return Buffer.concat(chunks);
}

/**
 * Counts the bytes of a part. Beyond the limit the rest is passed over, not broken off: so a request that is too
 * large as a whole is rejected as such, whether the client sent its length or not.
 */
function counting(limit: number) {
  let bytes = 0;
  return {
    bytes: () => bytes,
    fits(chunk: Uint8Array): boolean {
      bytes += chunk.length;
      return bytes <= limit;
    },
    /** @throws image_too_many_bytes */
    check() {
      if (bytes > limit)
        throw new SemblanceError(
          'image_too_many_bytes',
          `The file is larger than ${limit.toLocaleString('en')} bytes`,
          { parameters: { max_bytes: limit } },
        );
    },
  };
}

/** Lets a part pass unread. */
export async function discard(part: FilePart): Promise<null> {
  part.stream.resume();
  return null;
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
