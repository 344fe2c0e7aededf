import type { Context, MiddlewareHandler } from 'hono';
import { SemblanceError } from '../../shared/errors.ts';
import type { ApiEnv } from './deps.ts';

/**
 * The body of a request as bytes, refused before it is read where it says that it is too large, and as soon as
 * it is where it doesn't.
 * @param limit bytes
 * @throws request_too_large
 */
export async function limitedBody(c: Context<ApiEnv>, limit: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new SemblanceError('request_too_large', `The request is larger than ${limit.toLocaleString('en')} bytes`);
  if (declaredLength(c) > limit) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of c.req.raw.body ?? []) {
    length += chunk.length;
    if (length > limit) throw tooLarge();
    chunks.push(chunk);
  }
  c.set('bodyRead', true);
  return Buffer.concat(chunks);
}

/** Bytes that the client says it sends; 0 when it doesn't say. */
export const declaredLength = (c: Context<ApiEnv>): number =>
  Number(c.req.header('Content-Length') ?? 0) || 0;

/**
 * Ends the connection after an answer that came before the body was read: what is still on its way would be
 * taken for the next request, or cut it off.
 */
export const closeUnread: MiddlewareHandler<ApiEnv> = async (c, next) => {
  await next();
  const hasBody = c.req.header('Content-Length') ?? c.req.header('Transfer-Encoding');
  if (hasBody && hasBody !== '0' && !c.get('bodyRead')) c.res.headers.set('Connection', 'close');
};
