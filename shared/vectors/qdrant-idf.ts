import type { QdrantConnection } from './qdrant-connection.ts';
import { scoredSchema, sparseSchema, type WireScored } from './qdrant-wire.ts';
import type { VectorIndex } from './vector-index.ts';

/**
 * IDF as Qdrant weighs sparse queries by it, which it tells nobody: a query of one term with weight 1 scores a point
 * at IDF × the term's weight there, so the best point's score over its weight is the IDF. One request for all terms.
 */
export function qdrantIdf({ client, ask }: QdrantConnection, collection: string): VectorIndex['idf'] {
  return async (using, terms) => {
    if (terms.length === 0) return [];
    const searches = terms.map(term => ({
      using,
      query: { nearest: { indices: [term], values: [1] } },
      limit: 1,
      with_payload: false,
      with_vector: [using],
    }));
    const lists = await ask(async () =>
      scoredSchema.parse(await client.queryBatch(collection, { searches })),
    );
    return terms.map((term, i) => {
      const [best] = lists[i]?.points ?? [];
      return best && idfOf(term, best, using);
    });
  };
}

function idfOf(term: number, { score, vector }: WireScored, using: string): number | undefined {
  const { indices, values } = sparseSchema.parse(vector?.[using]);
  const weight = values[indices.indexOf(term)];
  return weight ? score / weight : undefined;
}
