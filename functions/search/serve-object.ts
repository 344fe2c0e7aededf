import type { Context } from 'hono';
import { SemblanceError } from '../../shared/errors.ts';
import type { ByteRange, ObjectStore } from '../../shared/objects/object-store.ts';
import { isExpected, isKnown, rangeHolds, validatorsOf } from './conditions.ts';
import type { ApiEnv } from './deps.ts';
import { errorResponse } from './responses.ts';

export type ServedObject = {
  readonly store: ObjectStore;
  readonly key: string;
  /** Media type. */
  readonly type: string;
  /** Whether the bytes never change under this URL. */
  readonly immutable: boolean;
};

/**
 * An object over HTTP with validators, HEAD and one range (RFC 9110 §13, §14; several ranges get the whole, which is
 * allowed). Null when it isn't there.
 * @throws condition_failed; store_unavailable where another file took its place between the headers and the bytes
 */
export async function serveObject(c: Context<ApiEnv>, object: ServedObject): Promise<Response | null> {
  const { store, key, type, immutable } = object;
  const info = await store.head(key);
  if (!info) return null;
  const validators = validatorsOf(info);
  const headers = {
    ETag: validators.etag,
    'Last-Modified': info.modified.toUTCString(),
    'Cache-Control': immutable ? 'private, max-age=31536000, immutable' : 'private, no-cache',
    'Accept-Ranges': 'bytes',
    'Content-Security-Policy': "default-src 'none'; sandbox",
  };
  const header = (name: string) => c.req.header(name);
  if (!isExpected(header, validators))
    throw new SemblanceError('condition_failed', 'The file is another one than the request expects');
  if (isKnown(header, validators)) return c.body(null, 304, headers);

  const range = rangeHolds(header('If-Range'), validators) ? rangeOf(header('Range'), info.bytes) : null;
  if (range === 'unsatisfiable')
    return errorResponse(c, new SemblanceError('range_not_satisfiable', `The file has ${info.bytes} bytes`), {
      ...headers,
      'Content-Range': `bytes */${info.bytes}`,
    });
  const length = range ? range.end - range.start + 1 : info.bytes;
  const whole = { ...headers, 'Content-Type': type, 'Content-Length': String(length) };
  const part = range && {
    ...whole,
    'Content-Range': `bytes ${range.start}-${range.end}/${info.bytes}`,
  };
  if (c.req.method === 'HEAD') return c.body(null, part ? 206 : 200, part ?? whole);
  const found = await store.stream(key, range ?? undefined);
  if (!found) return null;
  if (found.info.etag !== info.etag) {
    await found.body.cancel();
    throw new SemblanceError('store_unavailable', `${key} changed while it was read`);
  }
  return c.body(found.body, part ? 206 : 200, part ?? whole);
}

/** The one range that the request names; null for the whole object. */
function rangeOf(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | null {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return null;
  return start >= size || (from === '' && Number(to) === 0) ? 'unsatisfiable' : { start, end };
}
