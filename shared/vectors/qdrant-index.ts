import { QdrantClient } from '@qdrant/js-client-rest';
import pRetry from 'p-retry';
import type { z } from 'zod';
import { isPassing, SemblanceError } from '../errors.ts';
import { isCollectionMissing, nameQdrantError, statusOf } from './qdrant-error.ts';
import { scrollOrdered } from './qdrant-ordered.ts';
import {
  countSchema,
  dataType,
  facetSchema,
  fieldSchema,
  infoSchema,
  pointsSchema,
  scoredSchema,
  scrollSchema,
  toSearch,
  toStored,
  toWire,
} from './qdrant-wire.ts';
import type { CollectionSchema, StoredPoint, VectorIndex } from './vector-index.ts';

export type QdrantIndexOptions = {
  /** Without a port https means 443 and http Qdrant's own 6333. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** Named after the model's fingerprint, so that models never mix. */
  readonly collection: string;
  readonly schema: CollectionSchema;
  /** ms that one request may take; default 10,000. */
  readonly timeout?: number;
  /** ms before the second try, doubled for each further; default 200. */
  readonly retryDelay?: number;
};

/** Tries after the first; all our requests are idempotent. */
const RETRIES = 3;
/** Points a request: 100 of two vectors of 512 are about 2 MB of JSON. */
const BATCH = 100;

/**
 * The index in Qdrant. Vectors lie on disk, int8 copies of them in RAM; a search takes candidates from the
 * copies and ranks them by the originals. What may heal (no response, 429, 5xx) is tried again with jitter.
 */
export function openQdrantIndex(options: QdrantIndexOptions): VectorIndex {
  const { collection, schema, retryDelay = 200 } = options;
  const client = createClient(options);

  /** Asks with retries, and names what finally failed. */
  const ask = <T>(request: () => Promise<T>): Promise<T> =>
    pRetry(
      () =>
        request().catch((error: unknown) => {
          throw nameQdrantError(error, options.url);
        }),
      {
        retries: RETRIES,
        minTimeout: retryDelay,
        randomize: true,
        shouldRetry: ({ error }) => isPassing(error),
      },
    );

  /** A collection that was deleted while we ran is made again, so that what is written now is kept. */
  const write = async (request: () => Promise<unknown>): Promise<void> => {
    try {
      await ask(request);
    } catch (error) {
      if (!(error instanceof SemblanceError) || !isCollectionMissing(error.cause)) throw error;
      await bootstrap();
      await ask(request);
    }
  };

  const info = () => ask(async () => infoSchema.parse(await client.getCollection(collection)));

  async function bootstrap(): Promise<void> {
    const found = await info().catch(async (error: unknown) => {
      if (!(error instanceof SemblanceError) || !isCollectionMissing(error.cause)) throw error;
      await ask(() => create().catch(tolerateExisting));
      return info();
    });
    checkVectors(found, schema, collection);
    for (const [name, config] of missingVectors(found, schema))
      await ask(() =>
        client.createVectorName(collection, name, config, { wait: true }).catch(tolerateExisting),
      );
    const missing = Object.entries(schema.payload).filter(
      ([field, type]) => found.payload_schema[field]?.data_type !== dataType(type),
    );
    for (const [field_name, type] of missing)
      await ask(() =>
        client.createPayloadIndex(collection, { field_name, field_schema: fieldSchema(type), wait: true }),
      );
  }

  const create = () =>
    client.createCollection(collection, {
      vectors: Object.fromEntries(
        Object.entries(schema.vectors).map(([name, size]) => [
          name,
          { size, distance: 'Cosine' as const, on_disk: true },
        ]),
      ),
      sparse_vectors: Object.fromEntries(schema.sparse.map(name => [name, { modifier: 'idf' as const }])),
      quantization_config: { scalar: { type: 'int8', quantile: 0.99, always_ram: true } },
      on_disk_payload: true,
      // as on Qdrant Cloud, so that a filter without an index fails everywhere
      strict_mode_config: {
        enabled: true,
        unindexed_filtering_retrieve: false,
        unindexed_filtering_update: false,
      },
    });

  const scrollOnce = async (request: Parameters<QdrantClient['scroll']>[1]): Promise<StoredPoint[]> => {
    const page = await ask(async () =>
      scrollSchema.parse(
        await client.scroll(collection, { ...request, with_payload: true, with_vector: false }),
      ),
    );
    return page.points.map(toStored);
  };

  return {
    bootstrap,
    async upsert(points) {
      for (let i = 0; i < points.length; i += BATCH) {
        const batch = points.slice(i, i + BATCH).map(toWire);
        await write(() => client.upsert(collection, { points: batch, wait: true }));
      }
    },
    async setPayload(ids, patch) {
      if (ids.length === 0) return;
      await write(() => client.setPayload(collection, { points: [...ids], payload: patch, wait: true }));
    },
    async delete(ids) {
      if (ids.length === 0) return;
      await write(() => client.delete(collection, { points: [...ids], wait: true }));
    },
    async retrieve(ids, { vectors = [] } = {}) {
      if (ids.length === 0) return [];
      const request = { ids: [...ids], with_payload: true, with_vector: vectors.length > 0 && [...vectors] };
      const points = await ask(async () => pointsSchema.parse(await client.retrieve(collection, request)));
      const byId = new Map(points.map(point => [point.id, toStored(point)]));
      return ids.flatMap(id => byId.get(id) ?? []);
    },
    async query(queries) {
      if (queries.length === 0) return [];
      const searches = queries.map(toSearch);
      const lists = await ask(async () =>
        scoredSchema.parse(await client.queryBatch(collection, { searches })),
      );
      return lists.map(({ points }) => points);
    },
    async scroll({ filter, limit, offset, payload = true }) {
      const request = {
        limit,
        with_payload: payload,
        with_vector: false,
        ...(filter && { filter }),
        ...(offset !== undefined && { offset }),
      };
      const page = await ask(async () => scrollSchema.parse(await client.scroll(collection, request)));
      return { points: page.points.map(toStored), next: page.next_page_offset ?? null };
    },
    scrollOrdered: options =>
      scrollOrdered(
        {
          byId: (filter, limit, offset) =>
            scrollOnce({ filter, limit, ...(offset !== undefined && { offset }) }),
          byValue: (filter, limit, key, direction) =>
            scrollOnce({ filter, limit, order_by: { key, direction } }),
        },
        options,
      ),
    async count(filter) {
      const request = { exact: true, ...(filter && { filter }) };
      return (await ask(async () => countSchema.parse(await client.count(collection, request)))).count;
    },
    async facet({ key, filter, limit }) {
      const request = { key, limit, exact: true, ...(filter && { filter }) };
      return (await ask(async () => facetSchema.parse(await client.facet(collection, request)))).hits;
    },
    async close() {
      // the client keeps no file or thread, and its idle sockets don't hold the process
    },
  };
}

/** The client drops a URL's path and takes 6333 for https too, so it is told host, port and path apart. */
function createClient({ url, apiKey, timeout = 10_000 }: QdrantIndexOptions): QdrantClient {
  const { protocol, hostname, port, pathname } = new URL(url);
  const https = protocol === 'https:';
  const prefix = pathname.replace(/\/+$/, '');
  return new QdrantClient({
    host: hostname,
    https,
    port: port ? Number(port) : https ? 443 : 6333,
    timeout,
    checkCompatibility: false,
    ...(prefix !== '' && { prefix }),
    ...(apiKey !== undefined && { apiKey }),
  });
}

const tolerateExisting = (error: unknown): void => {
  if (statusOf(error) !== 409) throw error;
};

type Info = z.infer<typeof infoSchema>;

/** Vectors of a collection that was made before them; the server adds them, empty, to its points. */
const missingVectors = ({ config: { params } }: Info, schema: CollectionSchema) => [
  ...Object.entries(schema.vectors)
    .filter(([name]) => !(name in params.vectors))
    .map(([name, size]) => [name, { dense: { size, distance: 'Cosine' as const } }] as const),
  ...schema.sparse
    .filter(name => !(name in (params.sparse_vectors ?? {})))
    .map(name => [name, { sparse: { modifier: 'idf' as const } }] as const),
];

/** @throws index_rejected for another model's collection: a vector of another size, or none that is known */
function checkVectors({ config: { params } }: Info, schema: CollectionSchema, collection: string): void {
  const kept = Object.entries(schema.vectors).filter(([name]) => name in params.vectors);
  if (kept.length > 0 && kept.every(([name, size]) => params.vectors[name]?.size === size)) return;
  const found = Object.fromEntries(Object.entries(params.vectors).map(([name, { size }]) => [name, size]));
  throw new SemblanceError(
    'index_rejected',
    `Collection ${collection} has other vectors (${JSON.stringify(found)}) than the model needs (${JSON.stringify(schema.vectors)}): delete it and run reconcile`,
  );
}
