import { afterEach, beforeEach, expect } from 'vitest';
import { collectionName } from '../../shared/vectors/qdrant-collection.ts';
import { openQdrantIndex, type QdrantIndexOptions } from '../../shared/vectors/qdrant-index.ts';
import type { Point, VectorIndex } from '../../shared/vectors/vector-index.ts';
import { CONTRACT_SCHEMA } from '../contracts/vector-index-collection.ts';
import { type QdrantServer, startQdrantServer } from './server.ts';

export const OWNER = { namespace: '00000000-0000-4000-8000-000000000001', model: 'model-1' };
/** Of the collection. */
export const NAME = collectionName(OWNER);

export const point: Point = {
  id: '00000001-0000-4000-8000-000000000000',
  vectors: { vision: new Float32Array(8).with(0, 1) },
  payload: { name: 'a' },
};

/** A query that finds `point` first. */
export const nearest = { using: 'vision', nearest: new Float32Array(8).with(0, 1), limit: 3 };

export const failing = (code: string, message: RegExp | string) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

/** For each test a server, and an index on it whose collection was created. */
export function prepareAdapter() {
  let server: QdrantServer | undefined;
  let index: VectorIndex | undefined;
  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The server runs only while the tests do');
    return part;
  };

  const open = (options: Partial<QdrantIndexOptions> = {}): VectorIndex =>
    openQdrantIndex({
      url: started(server).url,
      owner: OWNER,
      schema: CONTRACT_SCHEMA,
      retryDelay: 1,
      ...options,
    });

  beforeEach(async () => {
    server = await startQdrantServer();
    index = open();
    await index.bootstrap();
  });
  afterEach(async () => {
    await index?.close();
    await server?.close();
  });

  return {
    get server() {
      return started(server);
    },
    get index() {
      return started(index);
    },
    /** Another index on the same server. */
    open,
    /** A request about the collection, past the index. */
    send: (method: string, path: string, body: unknown): Promise<unknown> =>
      fetch(`${started(server).url}/collections/${NAME}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    lastRequests: (n: number) =>
      started(server)
        .requests.slice(-n)
        .map(({ method, path }) => `${method} ${path}`),
  };
}
