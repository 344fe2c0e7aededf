import { byScore } from './by-score.ts';
import type { QdrantConnection } from './qdrant-connection.ts';
import { fieldsOf, scoredSchema, type WireScored } from './qdrant-wire.ts';
import type { PayloadFields, Query, ScoredPoint, VectorIndex } from './vector-index.ts';

/**
 * Ranked lists from Qdrant that can be paged.
 *
 * Where a segment has a graph (HNSW), the candidates of a query depend on its limit, and so would pages. Here a
 * dense query takes a fixed number of candidates by their int8 copies in RAM, and Qdrant ranks these by the
 * original vectors: a page is a window of that list. What lies deeper than the first list is taken from a longer
 * one, whose points that the first has are passed over, so the two make one list without repeats or gaps.
 * Sparse queries are exact at any depth.
 *
 * Qdrant has no order among equal scores. A window is therefore asked with a margin: where its ends lie amid equal
 * scores that reach beyond the margin, the whole list is asked for, and ordered here.
 */

/** Candidates of the first list and of the longer one. */
export const SHALLOW = 1_024;
export const DEEP = 10_240;

/** Points asked for on both sides of a window. */
const MARGIN = 8;

/** @returns the port's `query` */
export function qdrantRanking(
  { client, ask }: QdrantConnection,
  collection: string,
  retrieve: VectorIndex['retrieve'],
): VectorIndex['query'] {
  async function search(searches: readonly Search[]): Promise<ScoredPoint[][]> {
    if (searches.length === 0) return [];
    const lists = await ask(async () =>
      scoredSchema.parse(await client.queryBatch(collection, { searches: [...searches] })),
    );
    return lists.map(({ points }) => points.map(toScored).sort(byScore));
  }

  /** The window of the whole list, which is asked for without payloads. */
  async function deeply(queries: readonly Query[]): Promise<ScoredPoint[][]> {
    const depths = queries.map(depthsOf);
    const searches = queries.flatMap((query, i) =>
      (depths[i] ?? []).map(depth => toSearch(query, { depth, offset: 0, limit: depth, payload: false })),
    );
    const lists = await search(searches);
    const windows = queries.map((query, i) => {
      const whole = chained(lists.splice(0, depths[i]?.length));
      return whole.slice(offsetOf(query), endOf(query));
    });
    return Promise.all(windows.map((points, i) => withPayload(points, queries[i]?.payload ?? false)));
  }

  async function withPayload(points: readonly ScoredPoint[], payload: PayloadFields): Promise<ScoredPoint[]> {
    if (payload === false) return [...points];
    const stored = await retrieve(
      points.map(({ id }) => id),
      { payload },
    );
    const byId = new Map(stored.map(point => [point.id, point.payload]));
    return points.map(point => ({ ...point, payload: byId.get(point.id) ?? {} }));
  }

  return async queries => {
    const shallow = queries.map(query => endOf(query) <= SHALLOW || 'sparse' in query);
    const lists = await search(
      queries.flatMap((query, i) => (shallow[i] ? [toSearch(query, marginsOf(query))] : [])),
    );
    const windows = queries.map((query, i) => (shallow[i] ? windowOf(query, lists.shift() ?? []) : null));
    const rest = await deeply(queries.filter((_, i) => windows[i] === null));
    return windows.map(window => window ?? rest.shift() ?? []);
  };
}

const offsetOf = ({ offset = 0 }: Query): number => offset;
const endOf = (query: Query): number => offsetOf(query) + query.limit;

type Window = {
  /** Candidates of the list that the window is of. */
  readonly depth: number;
  readonly offset: number;
  readonly limit: number;
  readonly payload: PayloadFields;
};

function marginsOf(query: Query): Window {
  const depth = 'sparse' in query ? DEEP : SHALLOW;
  const offset = Math.max(0, offsetOf(query) - MARGIN);
  const end = Math.max(endOf(query), Math.min(depth, endOf(query) + MARGIN));
  // A limit below 1 is left to Qdrant, which rejects it.
  const limit = query.limit < 1 ? query.limit : end - offset;
  return { depth, offset, limit, payload: query.payload ?? false };
}

/** What was asked for of a list with margins; null where equal scores may reach beyond these. */
function windowOf(query: Query, list: readonly ScoredPoint[]): ScoredPoint[] | null {
  const { depth, offset, limit } = marginsOf(query);
  const first = offsetOf(query) - offset;
  const wanted = list.slice(first, first + query.limit);
  const begins = wanted.at(0)?.score;
  const ends = wanted.at(-1)?.score;
  const cutBefore = offset > 0 && begins !== undefined && list.at(0)?.score === begins;
  const cutAfter = list.length === limit && offset + limit < depth && list.at(-1)?.score === ends;
  return cutBefore || cutAfter ? null : wanted;
}

const depthsOf = (query: Query): number[] => {
  if ('sparse' in query) return [DEEP];
  return endOf(query) <= SHALLOW ? [SHALLOW] : [SHALLOW, DEEP];
};

/** The first list, then what only the later ones have. */
function chained(lists: readonly (readonly ScoredPoint[])[]): ScoredPoint[] {
  const seen = new Set<string>();
  return lists.flat().filter(({ id }) => !seen.has(id) && seen.add(id));
}

const toScored = ({ id, score, payload }: WireScored): ScoredPoint => ({
  id,
  score,
  ...(payload ? { payload } : {}),
});

type Search = ReturnType<typeof toSearch>;

function toSearch(query: Query, { depth, offset, limit, payload }: Window) {
  const { using, filter, scoreThreshold } = query;
  const common = {
    using,
    limit,
    ...(offset > 0 && { offset }),
    with_payload: fieldsOf(payload),
    // Qdrant applies it to the prefetch too
    ...(filter && { filter }),
    ...(scoreThreshold !== undefined && { score_threshold: scoreThreshold }),
  };
  if ('sparse' in query) {
    const { indices, values } = query.sparse;
    return { ...common, query: { nearest: { indices: [...indices], values: [...values] } } };
  }
  const target = targetOf(query);
  return {
    ...common,
    prefetch: {
      using,
      query: target,
      limit: depth,
      params: { hnsw_ef: depth, quantization: { rescore: false } },
    },
    query: target,
    // The candidates alone are compared, by their original vectors.
    params: { exact: true },
  };
}

function targetOf(query: Exclude<Query, { sparse: unknown }>) {
  if ('nearest' in query) return { nearest: [...query.nearest] };
  const { positive, negative } = query.best;
  const lists = (vectors: readonly Float32Array[]) => vectors.map(vector => [...vector]);
  return {
    recommend: { positive: lists(positive), negative: lists(negative), strategy: 'best_score' as const },
  };
}
