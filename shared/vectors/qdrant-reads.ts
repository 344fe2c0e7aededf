import type { QdrantConnection } from './qdrant-connection.ts';
import { scrollOrdered } from './qdrant-ordered.ts';
import { countSchema, fieldsOf, pointsSchema, scrollSchema, toStored } from './qdrant-wire.ts';
import type { VectorIndex } from './vector-index.ts';

export type QdrantReads = Pick<VectorIndex, 'retrieve' | 'scroll' | 'scrollOrdered' | 'count'>;

/** What can be asked of any collection in Qdrant, our own or not. */
export function qdrantReads({ client, ask }: QdrantConnection, collection: string): QdrantReads {
  type Scroll = NonNullable<Parameters<typeof client.scroll>[1]>;
  const scrollOnce = (request: Scroll) =>
    ask(async () => scrollSchema.parse(await client.scroll(collection, request)));

  return {
    async retrieve(ids, { payload = true, vectors = [] } = {}) {
      if (ids.length === 0) return [];
      const request = { ids: [...ids], with_payload: fieldsOf(payload), with_vector: namesOf(vectors) };
      const points = await ask(async () => pointsSchema.parse(await client.retrieve(collection, request)));
      const byId = new Map(points.map(point => [point.id, toStored(point)]));
      return ids.flatMap(id => byId.get(id) ?? []);
    },
    async scroll({ filter, limit, offset, payload = true, vectors = [] }) {
      const request = {
        limit,
        with_payload: fieldsOf(payload),
        with_vector: namesOf(vectors),
        ...(filter && { filter }),
        ...(offset !== undefined && { offset }),
      };
      const page = await scrollOnce(request);
      return { points: page.points.map(toStored), next: page.next_page_offset ?? null };
    },
    scrollOrdered(options) {
      const { payload = true, order } = options;
      const with_payload = Array.isArray(payload) ? [...payload, ...order.keys] : true;
      const points = async (request: Scroll) =>
        (await scrollOnce({ ...request, with_payload, with_vector: false })).points.map(toStored);
      return scrollOrdered(
        {
          byId: (filter, limit, offset) => points({ filter, limit, ...(offset !== undefined && { offset }) }),
          byValue: (filter, limit, key, direction) => points({ filter, limit, order_by: { key, direction } }),
        },
        options,
      );
    },
    async count(filter) {
      const request = { exact: true, ...(filter && { filter }) };
      return (await ask(async () => countSchema.parse(await client.count(collection, request)))).count;
    },
  };
}

const namesOf = (names: readonly string[]): false | string[] => names.length > 0 && [...names];
