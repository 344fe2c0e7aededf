import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HttpBindings, serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { SemblanceError } from '../../shared/errors.ts';
import { type Collection, createCollection, ordered, present, runQuery } from './collection.ts';
import * as wire from './wire.ts';

/**
 * A small Qdrant for tests: the REST that our adapter speaks, over an embedded index, itself held to
 * tests/golden/qdrant. Like Qdrant Cloud it rejects filters on fields without a payload index.
 */
export type QdrantServer = {
  readonly url: string;
  /** What came in, in order. */
  readonly requests: readonly Received[];
  /** What the next requests meet instead of a response, but for the server's version; first in, first out. */
  readonly faults: Fault[];
  /** Stops listening but keeps the collections. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
};

export type Received = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
};

export type Fault = {
  /** Before the response: a status, 'hang' until the client gives up, 'reset' the connection. */
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly kind?: 'hang' | 'reset';
  /** The request is carried out all the same; only its response is lost. */
  readonly done?: boolean;
};

export type QdrantServerOptions = {
  readonly apiKey?: string;
  /** May search and read, and no more. */
  readonly readOnlyKey?: string;
  /** What the server says it is; default 1.19.0. */
  readonly version?: string;
  /** Whether dense queries find their candidates as by a graph (HNSW): they depend on the limit. */
  readonly graph?: boolean;
};

export async function startQdrantServer(options: QdrantServerOptions = {}): Promise<QdrantServer> {
  const folder = await mkdtemp(join(tmpdir(), 'semblance-qdrant-'));
  const collections = new Map<string, Collection>();
  const requests: Received[] = [];
  const faults: Fault[] = [];
  const app = routes(collections, folder, options);

  const outer = new Hono<{ Bindings: HttpBindings }>();
  outer.all('*', async c => {
    const { method } = c.req;
    const url = new URL(c.req.url);
    const text = await c.req.raw.clone().text();
    requests.push({
      method,
      path: url.pathname + url.search,
      headers: c.req.header(),
      body: text === '' ? undefined : JSON.parse(text),
    });
    if (options.apiKey !== undefined && url.pathname !== '/') {
      const key = c.req.header('api-key');
      const readOnly = key !== undefined && key === options.readOnlyKey;
      if (key !== options.apiKey && !readOnly) return c.text('Invalid API key or JWT', 401);
      if (readOnly && !isRead(method, url.pathname))
        return c.json({ status: { error: 'Forbidden: Write access is required' }, time: 0 }, 403);
    }
    const fault = url.pathname === '/' ? undefined : faults.shift();
    if (!fault) return app.fetch(c.req.raw);
    if (fault.done) await app.fetch(c.req.raw);
    if (fault.kind === 'hang') await once(c.req.raw.signal, 'abort');
    if (fault.kind === 'reset') c.env.incoming.socket.destroy();
    if (fault.kind) return c.body(null);
    return new Response(fault.body ?? JSON.stringify({ status: { error: 'Injected' }, time: 0 }), {
      status: fault.status ?? 503,
      headers: { 'content-type': 'application/json', ...fault.headers },
    });
  });

  const listen = (port: number) =>
    new Promise<{ server: ReturnType<typeof serve>; port: number }>(resolve => {
      const server = serve({ fetch: outer.fetch, hostname: '127.0.0.1', port }, ({ port }: AddressInfo) =>
        resolve({ server, port }),
      );
    });
  const stop = (server: ReturnType<typeof serve>) =>
    new Promise<void>(resolve => {
      server.close(() => resolve());
      if ('closeAllConnections' in server) server.closeAllConnections();
    });

  let { server, port } = await listen(0);
  let isUp = true;
  const down = async (): Promise<void> => {
    if (isUp) await stop(server);
    isUp = false;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    faults,
    down,
    async up() {
      if (!isUp) ({ server, port } = await listen(port));
      isUp = true;
    },
    async close() {
      await down();
      for (const collection of collections.values()) await collection.close();
      await rm(folder, { recursive: true });
    },
  };
}

const isRead = (method: string, path: string): boolean =>
  method === 'GET' || (method === 'POST' && /\/(points|facet|query|batch|scroll|count)$/.test(path));

class HttpError extends Error {
  readonly status: 400 | 404 | 409;
  constructor(status: 400 | 404 | 409, message: string) {
    super(message);
    this.status = status;
  }
}

function routes(
  collections: Map<string, Collection>,
  folder: string,
  { version = '1.19.0', graph }: QdrantServerOptions,
): Hono {
  const app = new Hono();
  let created = 0;

  const ok = (c: Context, result: unknown) => c.json({ result, status: 'ok', time: 0.001 });
  const done = (c: Context) => ok(c, { operation_id: 1, status: 'completed' });
  const body = async <T>(c: Context, schema: z.ZodType<T>): Promise<T> => schema.parse(await c.req.json());
  const find = (c: Context): Collection => {
    const name = c.req.param('name') ?? '';
    const collection = collections.get(name);
    if (!collection) throw new HttpError(404, `Not found: Collection \`${name}\` doesn't exist!`);
    return collection;
  };

  app.onError((error, c) => {
    const status =
      error instanceof HttpError
        ? error.status
        : error instanceof z.ZodError || error instanceof SemblanceError
          ? 400
          : 500;
    return c.json({ status: { error: wording(error) }, time: 0 }, status);
  });

  app.get('/', c => c.json({ title: 'qdrant - vector search engine', version }));
  app.get('/collections/:name/exists', c => ok(c, { exists: collections.has(c.req.param('name')) }));
  app.get('/collections/:name', async c => {
    const { config, fields, metadata, index } = find(c);
    const { vectors, sparse_vectors, ...rest } = config;
    return ok(c, {
      status: 'green',
      optimizer_status: 'ok',
      segments_count: 1,
      points_count: await (await index()).count(),
      config: { params: { vectors, sparse_vectors }, ...rest, metadata },
      payload_schema: Object.fromEntries(
        [...fields].map(([name, type]) => [
          name,
          typeof type === 'string'
            ? { data_type: type, points: 0 }
            : { data_type: type.type, params: type, points: 0 },
        ]),
      ),
    });
  });
  app.put('/collections/:name', async c => {
    const { name } = c.req.param();
    const config = await body(c, wire.createSchema);
    if (collections.has(name))
      throw new HttpError(409, `Wrong input: Collection \`${name}\` already exists!`);
    collections.set(name, createCollection(config, join(folder, String(created++)), { graph }));
    return ok(c, true);
  });
  app.patch('/collections/:name', async c => {
    Object.assign(find(c).metadata, (await body(c, wire.updateSchema)).metadata);
    return ok(c, true);
  });
  app.delete('/collections/:name', async c => {
    await collections.get(c.req.param('name'))?.close();
    return ok(c, collections.delete(c.req.param('name')));
  });
  app.put('/collections/:name/index', async c => {
    const { field_name, field_schema } = await body(c, wire.indexSchema);
    find(c).fields.set(field_name, field_schema);
    return done(c);
  });
  app.delete('/collections/:name/index/:field', c => {
    find(c).fields.delete(c.req.param('field'));
    return done(c);
  });

  app.put('/collections/:name/vectors/:vector', async c => {
    const { vector } = c.req.param();
    const collection = find(c);
    const config = await body(c, wire.vectorNameSchema);
    if (!collection.addVector(vector, config))
      throw new HttpError(409, `Wrong input: Vector \`${vector}\` already exists!`);
    return done(c);
  });

  app.put('/collections/:name/points', async c => {
    const { points } = await body(c, wire.upsertSchema);
    const collection = find(c);
    const split = points.map(({ id, vector, payload }) => ({ id, ...byKind(vector), payload }));
    await (await collection.index()).upsert(split);
    for (const { id, sparse } of split) collection.sparse.set(id, sparse);
    return done(c);
  });
  app.post('/collections/:name/points/payload', async c => {
    const asked = await body(c, wire.setPayloadSchema);
    const index = await find(c).index();
    if ('filter' in asked) {
      const { points } = await index.scroll({ filter: asked.filter, limit: 1_000_000, payload: false });
      await index.setPayload(
        points.map(({ id }) => id),
        asked.payload,
      );
      return done(c);
    }
    // Ids are taken in chunks, up to the chunk with an id that does not exist.
    for (let i = 0; i < asked.points.length; i += CHUNK) {
      const ids = asked.points.slice(i, i + CHUNK);
      const found = await index.retrieve(ids, { payload: false });
      const missing = ids.find(id => !found.some(point => point.id === id));
      if (missing) throw new HttpError(404, `Not found: No point with id ${missing} found`);
      await index.setPayload(ids, asked.payload);
    }
    return done(c);
  });
  app.post('/collections/:name/points/delete', async c => {
    await (await find(c).index()).delete((await body(c, wire.deleteSchema)).points);
    return done(c);
  });

  app.post('/collections/:name/points', async c => {
    const asked = await body(c, wire.retrieveSchema);
    // Qdrant promises no order
    return ok(
      c,
      await present(
        find(c),
        asked,
        asked.ids.toSorted().map(id => ({ id })),
      ),
    );
  });
  app.post('/collections/:name/points/query', async c =>
    ok(c, { points: await runQuery(find(c), await body(c, wire.querySchema)) }),
  );
  app.post('/collections/:name/points/query/batch', async c => {
    const { searches } = await body(c, wire.batchSchema);
    const collection = find(c);
    return ok(
      c,
      await Promise.all(searches.map(async search => ({ points: await runQuery(collection, search) }))),
    );
  });
  app.post('/collections/:name/points/scroll', async c => {
    const asked = await body(c, wire.scrollSchema);
    const collection = find(c);
    const { filter, limit, offset, order_by: order } = asked;
    if (order) {
      if (offset !== undefined)
        throw new HttpError(400, 'Wrong input: Cannot use an `offset` when using `order_by`.');
      const found = await ordered(collection, filter, order, limit);
      return ok(c, { points: await present(collection, asked, found), next_page_offset: null });
    }
    const { points, next } = await (await collection.index()).scroll({
      filter,
      limit,
      offset,
      payload: false,
    });
    return ok(c, {
      points: await present(
        collection,
        asked,
        points.map(({ id }) => ({ id })),
      ),
      next_page_offset: next,
    });
  });
  app.post('/collections/:name/points/count', async c => {
    const { filter } = await body(c, wire.countSchema);
    return ok(c, { count: await (await find(c).index()).count(filter) });
  });
  app.post('/collections/:name/facet', async c => {
    const { key, filter, limit } = await body(c, wire.facetSchema);
    const { fields, index } = find(c);
    if (!fields.has(key)) throw new HttpError(400, NO_FACET_INDEX(key));
    return ok(c, { hits: await (await index()).facet({ key, filter, limit }) });
  });
  return app;
}

/** Points of a list that Qdrant writes at once. */
const CHUNK = 32;

type WireVectors = z.infer<typeof wire.upsertSchema>['points'][number]['vector'];

function byKind(vector: WireVectors) {
  const vectors: Record<string, Float32Array> = {};
  const sparse: Record<string, { indices: number[]; values: number[] }> = {};
  for (const [name, value] of Object.entries(vector)) {
    if (Array.isArray(value)) vectors[name] = Float32Array.from(value);
    else sparse[name] = value;
  }
  return { vectors, sparse };
}

const NO_FACET_INDEX = (key: string): string =>
  `No appropriate index for faceting: \`${key}\`. Please create one to facet on this field. ` +
  'Check https://qdrant.tech/documentation/concepts/indexing/#payload-index to see which payload schemas support Match conditions';

/** The words that Qdrant's API layer puts before the engine's. */
function wording(error: Error): string {
  if (error instanceof z.ZodError) return `Format error in JSON body: ${z.prettifyError(error)}`;
  if (/^(Vector dimension|Not existing vector)/.test(error.message)) return `Wrong input: ${error.message}`;
  return error instanceof SemblanceError ? `Bad request: ${error.message}` : error.message;
}
