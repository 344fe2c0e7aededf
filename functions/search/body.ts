import type { Context, MiddlewareHandler } from 'hono';
import { SemblanceError } from '../../shared/errors.ts';
import type { ApiEnv } from './deps.ts';

/** Whether the body is of the form that carries files. */
export const isMultipart = (c: Context<ApiEnv>): boolean =>
  /^multipart\/form-data\b/i.test(c.req.header('Content-Type') ?? '');

/**
 * The body of a request as it comes, rejected before it is read where it says that it is too large, as soon as it
 * is where it doesn't, and when nothing comes for too long.
 * @param limit bytes
 * @throws what `tooLarge` makes, request_timeout, malformed_body where it breaks off
 */
export async function* bodyChunks(
  c: Context<ApiEnv>,
  limit: number,
  tooLarge: (limit: number) => SemblanceError,
): AsyncGenerator<Uint8Array> {
  if (Number(c.req.header('Content-Length') ?? 0) > limit) throw tooLarge(limit);
  const reader = c.req.raw.body?.getReader();
  if (!reader) return;
  let received = 0;
  try {
    for (;;) {
      const { done, value } = await within(c.get('idle'), reader.read().catch(brokenOff));
      if (done) break;
      received += value.length;
      if (received > limit) throw tooLarge(limit);
      yield value;
    }
    c.set('bodyRead', true);
  } finally {
    reader.releaseLock();
  }
}

/** The whole body; @throws request_too_large, request_timeout */
export async function limitedBody(c: Context<ApiEnv>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bodyChunks(c, limit, tooLarge)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const tooLarge = (limit: number) =>
  new SemblanceError('request_too_large', `The request is larger than ${limit.toLocaleString('en')} bytes`, {
    parameters: { max_bytes: limit },
  });

const brokenOff = (cause: unknown): never => {
  throw new SemblanceError('malformed_body', 'The body broke off', { cause });
};

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const { promise: silence, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new SemblanceError('request_timeout', `Nothing came for ${milliseconds} ms`)),
    milliseconds,
  );
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** Bytes of an unwanted body that are read all the same. */
const MAX_UNWANTED = 67_108_864;

/**
 * Reads on, while the response is sent, what of the body is still to come: a connection that is closed under its
 * sender loses the response too (RFC 9112 §9.6). A sender that stopped is cut off.
 */
export const drainUnread: MiddlewareHandler<ApiEnv> = async (c, next) => {
  await next();
  const hasBody = c.req.header('Content-Length') ?? c.req.header('Transfer-Encoding');
  if (hasBody === undefined || hasBody === '0' || c.get('bodyRead')) return;
  if (c.res.status === 408) c.res.headers.set('Connection', 'close');
  else if (!c.req.raw.body?.locked) void drain(c.req.raw.body);
};

async function drain(body: ReadableStream<Uint8Array> | null): Promise<void> {
  let unwanted = 0;
  try {
    for await (const chunk of body ?? []) {
      unwanted += chunk.length;
      if (unwanted > MAX_UNWANTED) return;
    }
  } catch {
    // The client closed the connection, so there is no one to respond to.
  }
}
