import { type CollectionOwner, collectionName, ensureCollection, isGone } from './qdrant-collection.ts';
import { connectQdrant, type QdrantServer } from './qdrant-connection.ts';
import { qdrantIdf } from './qdrant-idf.ts';
import { qdrantRanking } from './qdrant-ranking.ts';
import { qdrantReads } from './qdrant-reads.ts';
import { qdrantShuffle } from './qdrant-shuffle.ts';
import { facetSchema, sampledSchema, toStored, toWire } from './qdrant-wire.ts';
import type { CollectionSchema, VectorIndex } from './vector-index.ts';

export type QdrantIndexOptions = QdrantServer & {
  readonly owner: CollectionOwner;
  readonly schema: CollectionSchema;
  /**
   * Called when the collection was made, at the first start or because it vanished: it is empty, and a sweep must
   * fill it.
   */
  readonly onMade?: () => Promise<void>;
};

/** Points a request: 100 of two vectors of 512 are about 2 MB of JSON. */
const BATCH = 100;

/**
 * The index in Qdrant, 1.18 or later. Vectors lie on disk, int8 copies of them in RAM; a search takes candidates
 * from the copies and ranks them by the originals. A collection that vanished while the process runs is made
 * again by whatever is asked next.
 */
export function openQdrantIndex(options: QdrantIndexOptions): VectorIndex {
  const { owner, schema } = options;
  const connection = connectQdrant(options);
  const { client, ask } = connection;
  const collection = collectionName(owner);
  const reads = qdrantReads(connection, collection);
  const ranked = qdrantRanking(connection, collection, reads.retrieve);

  let bootstrapping: Promise<void> | null = null;
  const bootstrap = (): Promise<void> => {
    bootstrapping ??= ensure().finally(() => {
      bootstrapping = null;
    });
    return bootstrapping;
  };
  const ensure = async (): Promise<void> => {
    if (await ensureCollection(connection, owner, schema)) await options.onMade?.();
  };

  /** What was asked, and once more where the collection had to be made first. */
  const there =
    <Arguments extends unknown[], T>(work: (...values: Arguments) => Promise<T>) =>
    async (...values: Arguments): Promise<T> => {
      try {
        return await work(...values);
      } catch (error) {
        if (!isGone(error)) throw error;
        await bootstrap();
        return await work(...values);
      }
    };

  return {
    bootstrap,
    retrieve: there(reads.retrieve),
    scroll: there(reads.scroll),
    scrollOrdered: there(reads.scrollOrdered),
    count: there(reads.count),
    query: there(ranked),
    idf: there(qdrantIdf(connection, collection)),
    upsert: there(async points => {
      for (let i = 0; i < points.length; i += BATCH) {
        const batch = points.slice(i, i + BATCH).map(toWire);
        await ask(() => client.upsert(collection, { points: batch, wait: true }));
      }
    }),
    setPayload: there(async (ids, patch) => {
      if (ids.length === 0) return;
      // The ids are in a filter, since one unknown id in a plain list fails the whole request.
      const filter = { must: [{ has_id: [...ids] }] };
      await ask(() => client.setPayload(collection, { filter, payload: patch, wait: true }));
    }),
    delete: there(async ids => {
      if (ids.length === 0) return;
      await ask(() => client.delete(collection, { points: [...ids], wait: true }));
    }),
    sample: there(async ({ filter, limit }) => {
      const request = {
        query: { sample: 'random' as const },
        limit,
        with_payload: true,
        ...(filter && { filter }),
      };
      const { points } = await ask(async () => sampledSchema.parse(await client.query(collection, request)));
      return points.map(toStored);
    }),
    shuffle: there(qdrantShuffle(reads.scroll)),
    facet: there(async ({ key, filter, limit }) => {
      const request = { key, limit, exact: true, ...(filter && { filter }) };
      return (await ask(async () => facetSchema.parse(await client.facet(collection, request)))).hits;
    }),
    async close() {
      // The client keeps no file or thread, and its idle sockets don't hold the process.
    },
  };
}
