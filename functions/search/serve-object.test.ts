import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { SemblanceError } from '../../shared/errors.ts';
import type { ObjectInfo, ObjectStore } from '../../shared/objects/object-store.ts';
import type { ApiEnv } from './deps.ts';
import { serveObject } from './serve-object.ts';

const infoOf = (etag: string, bytes: number): ObjectInfo => ({
  key: 'a.png',
  etag,
  bytes,
  modified: new Date(0),
});

/** A store in which a key is looked at first and read after. */
const storeWith = (seen: ObjectInfo, read: ObjectInfo, onCancel: () => void): ObjectStore => {
  const reject = async () => {
    throw new Error('not expected');
  };
  return {
    head: async () => seen,
    stream: async () => ({
      info: read,
      body: new ReadableStream({
        start: controller => controller.enqueue(new Uint8Array(read.bytes)),
        cancel: onCancel,
      }),
    }),
    get: reject,
    put: reject,
    delete: reject,
    move: reject,
    list: () => {
      throw new Error('not expected');
    },
  };
};

it('a file that another takes the place of is not sent under the headers of the first', async () => {
  let cancelled = false;
  const store = storeWith(infoOf('one', 3), infoOf('two', 5), () => {
    cancelled = true;
  });
  const app = new Hono<ApiEnv>()
    .get('/', async c => {
      const served = await serveObject(c, { store, key: 'a.png', type: 'image/png', immutable: false });
      return served ?? c.notFound();
    })
    .onError((error, c) => c.json({ code: error instanceof SemblanceError && error.code }, 503));
  const response = await app.request('/');
  expect(await response.json()).toEqual({ code: 'store_unavailable' });
  expect(cancelled).toBe(true);
});
