import { once } from 'node:events';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import type { Context } from 'hono';
import { SemblanceError } from '../../shared/errors.ts';
import { fileError } from '../../shared/file-error.ts';
import { bodyChunks, isMultipart } from './body.ts';
import type { ApiEnv, Limits } from './deps.ts';

/** A part with a file in it; its stream must be read or resumed. */
export type FilePart = {
  readonly name: string;
  readonly filename: string;
  /** Media type as the client wrote it. */
  readonly type: string;
  readonly stream: BusboyFileStream;
};

export type Multipart<T> = {
  /** What was made of the files, in the order in which they came. */
  readonly files: readonly { readonly name: string; readonly value: T }[];
  /** Parts that are no files; of a name that is repeated the last. */
  readonly fields: ReadonlyMap<string, string>;
};

const MAX_FILES = 16;
const MAX_FIELDS = 32;

/**
 * Reads a multipart body as it streams: nothing is kept but what `take` keeps, and the limit holds while
 * reading. Whatever goes wrong, every `take` has ended when this throws. A body that is not multipart has no
 * parts.
 * @param textParts names that are never files, whatever their headers say
 * @throws request_too_large, request_timeout, malformed_body, and what `take` throws
 */
export async function readMultipart<T>(
  c: Context<ApiEnv>,
  limits: Pick<Limits, 'request'>,
  take: (part: FilePart) => Promise<T>,
  textParts: readonly string[] = [],
): Promise<Multipart<T>> {
  const contentType = c.req.header('Content-Type') ?? '';
  if (!isMultipart(c) || !c.req.raw.body) return { files: [], fields: new Map() };

  const files: { name: string; value: T }[] = [];
  const fields = new Map<string, string>();
  const streams: BusboyFileStream[] = [];
  const taken: Promise<void>[] = [];
  const { promise: broken, reject: fail } = Promise.withResolvers<never>();
  broken.catch(() => {});

  const parser = createParser(contentType, textParts);
  parser.on('error', cause => fail(malformed(cause)));
  parser.on('field', (name, value) => fields.set(name, value));
  parser.on('filesLimit', () => fail(malformed(`more than ${MAX_FILES} files`)));
  parser.on('fieldsLimit', () => fail(malformed(`more than ${MAX_FIELDS} fields`)));
  parser.on('file', (name, stream, filename, _encoding, type) => {
    streams.push(stream);
    stream.on('error', cause => fail(named(cause)));
    const slot = files.length;
    const work = take({ name, filename: filename ?? '', type, stream }).then(value => {
      files[slot] = { name, value };
    });
    files.length++;
    work.catch(fail);
    taken.push(work);
  });

  try {
    const finished = once(parser, 'finish');
    finished.catch(() => {});
    await Promise.race([broken, pump(c, parser, limits.request)]);
    await Promise.race([broken, finished]);
    await Promise.race([broken, Promise.all(taken)]);
  } catch (error) {
    for (const stream of streams) stream.destroy(error instanceof Error ? error : undefined);
    parser.destroy();
    await Promise.allSettled(taken);
    throw error;
  }
  return { files, fields };
}

function createParser(contentType: string, textParts: readonly string[]) {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { files: MAX_FILES, fields: MAX_FIELDS },
      isPartAFile: (name, _type, filename) => filename !== undefined && !textParts.includes(name ?? ''),
    });
  } catch (cause) {
    throw malformed(cause);
  }
}

async function pump(c: Context<ApiEnv>, parser: InstanceType<typeof Busboy>, limit: number): Promise<void> {
  const closed = once(parser, 'close').catch(() => {});
  for await (const chunk of bodyChunks(c, limit, tooLarge)) {
    // After a rejection the rest of the body is discarded, so that the client gets the response.
    if (parser.destroyed || parser.write(chunk)) continue;
    await Promise.race([once(parser, 'drain'), closed]);
  }
  if (!parser.destroyed) parser.end();
}

const tooLarge = (limit: number) =>
  new SemblanceError(
    'request_too_large',
    `The request is larger than ${limit.toLocaleString('en')} bytes; announce the file to POST /uploads and send it there`,
    { parameters: { max_bytes: limit } },
  );

/** Where keeping a part fails, its stream is ended with the reason. */
const named = (cause: Error): Error =>
  cause instanceof SemblanceError ? cause : (fileError(cause, 'the upload') ?? malformed(cause));

const malformed = (cause: unknown) =>
  new SemblanceError(
    'malformed_body',
    `There was an error parsing the body: ${(cause instanceof Error ? cause.message : String(cause)).slice(0, 200)}`,
    { cause },
  );
