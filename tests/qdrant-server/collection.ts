import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { SemblanceError } from '../../shared/errors.ts';
import { parseMicroseconds } from '../../shared/vectors/cells.ts';
import { type EmbeddedIndex, openEmbeddedIndex } from '../../shared/vectors/embedded-index.ts';
import type { Filter } from '../../shared/vectors/filter.ts';
import { averageQuery } from '../../shared/vectors/recommend.ts';
import type {
  CollectionSchema,
  PayloadFieldType,
  Query,
  ScoredPoint,
  SparseVector,
  StoredPoint,
  VectorIndex,
} from '../../shared/vectors/vector-index.ts';
import type * as wire from './wire.ts';

/** A collection of the test server: its settings at creation, over an embedded index. */
export type Collection = {
  readonly config: wire.CreateCollection;
  /** Sparse vectors as they came, by id: the embedded index gives none back. */
  readonly sparse: Map<string, Readonly<Record<string, SparseVector>>>;
  readonly metadata: Record<string, unknown>;
  /** Payload indexes by field, as they were requested. */
  readonly fields: Map<string, wire.FieldSchema>;
  vectorNames(): string[];
  /** A named vector on a collection that is there already; false where it has one of that name. */
  addVector(name: string, config: wire.VectorName): boolean;
  /** Whether dense queries find their candidates as by a graph (HNSW). */
  readonly graph: boolean;
  /** The index, with the payload indexes of now. */
  index(): Promise<VectorIndex>;
  close(): Promise<void>;
};

export function createCollection(
  config: wire.CreateCollection,
  folder: string,
  { graph = false }: { readonly graph?: boolean | undefined } = {},
): Collection {
  const fields = new Map<string, wire.FieldSchema>();
  const file = join(folder, 'index.sqlite');
  /** By payload indexes and vectors; an older one stays open for the requests that still use it. */
  const opened = new Map<string, Promise<EmbeddedIndex>>();

  const schema = (): CollectionSchema => ({
    vectors: Object.fromEntries(Object.entries(config.vectors).map(([name, { size }]) => [name, size])),
    sparse: Object.keys(config.sparse_vectors),
    payload: Object.fromEntries(
      [...fields].flatMap(([name, field]) => fieldType(field).map(type => [name, type])),
    ),
  });
  return {
    config,
    sparse: new Map(),
    metadata: config.metadata,
    graph,
    fields,
    vectorNames: () => Object.keys(config.vectors),
    addVector(name, added) {
      if (name in config.vectors || name in config.sparse_vectors) return false;
      if ('dense' in added) config.vectors[name] = added.dense;
      else config.sparse_vectors[name] = added.sparse;
      return true;
    },
    async index() {
      const wanted = JSON.stringify([
        ...fields,
        ...Object.keys(config.vectors),
        ...Object.keys(config.sparse_vectors),
      ]);
      const index = opened.get(wanted) ?? openEmbeddedIndex({ file, schema: schema() });
      opened.set(wanted, index);
      return index;
    },
    async close() {
      for (const index of opened.values()) await (await index).close();
    },
  };
}

type WirePoint = {
  id: string;
  score?: number;
  payload?: unknown;
  vector?: Record<string, number[] | SparseVector>;
};

/** Runs a query as Qdrant's API layer does: ids become vectors and are left out, then the engine searches. */
export async function runQuery(collection: Collection, request: wire.WireQuery): Promise<WirePoint[]> {
  const index = await collection.index();
  const { query, offset, limit, filter, prefetch } = request;
  if (query === undefined) {
    const { points } = await index.scroll({ filter, limit: limit + offset, payload: false });
    return present(
      collection,
      request,
      points.slice(offset).map(({ id }) => ({ id, score: 1 })),
    );
  }
  if (typeof query === 'object' && 'sample' in query) {
    const drawn = await index.sample({ filter, limit });
    return present(
      collection,
      request,
      drawn.map(({ id }) => ({ id, score: 0 })),
    );
  }
  const ids = [...examplesOf(query), ...(prefetch ? examplesOf(prefetch.query) : [])].filter(
    example => typeof example === 'string',
  );
  const leftOut = ids.length > 0 ? { must_not: [{ has_id: ids }] } : undefined;
  const search = { collection, using: request.using ?? '', params: request.params };
  const candidates = prefetch && {
    has_id: (
      await ranked({
        ...search,
        query: prefetch.query,
        using: prefetch.using ?? '',
        params: prefetch.params,
        filter: allOf(filter, leftOut),
        top: prefetch.limit,
      })
    ).map(({ id }) => id),
  };
  const found = await ranked({
    ...search,
    query,
    filter: candidates ? allOf({ must: [candidates] }, leftOut) : allOf(filter, leftOut),
    top: limit + offset,
    scoreThreshold: request.score_threshold,
  });
  return present(collection, request, found.slice(offset));
}

const allOf = (one: Filter | undefined, other: Filter | undefined): Filter | undefined =>
  one && other ? { must: [one, other] } : (one ?? other);

/** The list that a segment makes: equal scores in no order, and of a graph only what its search comes by. */
async function ranked({
  collection,
  query,
  using,
  params,
  filter,
  top,
  scoreThreshold,
}: {
  readonly collection: Collection;
  readonly query: WireVectorQuery;
  readonly using: string;
  readonly params: wire.WireQuery['params'];
  readonly filter: Filter | undefined;
  readonly top: number;
  readonly scoreThreshold?: number | undefined;
}): Promise<ScoredPoint[]> {
  const index = await collection.index();
  const plan = await toQuery(index, using, query);
  const [all = []] = await index.query([{ ...plan, filter, limit: EVERYTHING, scoreThreshold }]);
  const byGraph = collection.graph && !('sparse' in plan) && !params?.exact;
  const ef = Math.max(top, params?.hnsw_ef ?? DEFAULT_EF);
  return shuffledTies(byGraph ? all.filter(({ id }) => comesBy(id, ef)) : all).slice(0, top);
}

const EVERYTHING = 1_000_000;
/** Qdrant's ef where a query says none. */
const DEFAULT_EF = 100;

/**
 * Whether a graph's search of this width passes by the point: the wider, the more likely, and another width
 * misses others. Eight in a hundred are missed at 100.
 */
function comesBy(id: string, ef: number): boolean {
  const hash = createHash('md5').update(`${id} ${ef}`).digest().readUInt16BE() / 65_536;
  return hash >= 0.08 * (DEFAULT_EF / ef);
}

const shuffledTies = (list: readonly ScoredPoint[]): ScoredPoint[] =>
  list
    .map(point => ({ point, key: Math.random() }))
    .sort((a, b) => b.point.score - a.point.score || a.key - b.key)
    .map(({ point }) => point);

type WireVectorQuery = NonNullable<wire.WireQuery['prefetch']>['query'];

const nearestOf = (query: WireVectorQuery) =>
  typeof query === 'string' || Array.isArray(query) ? query : 'nearest' in query ? query.nearest : undefined;

function examplesOf(query: WireVectorQuery): wire.WireExample[] {
  const nearest = nearestOf(query);
  if (typeof nearest === 'string' || Array.isArray(nearest)) return [nearest];
  if (typeof query !== 'object' || !('recommend' in query)) return [];
  return [...query.recommend.positive, ...query.recommend.negative];
}

type Plan = Query extends infer Each ? (Each extends Query ? Omit<Each, 'limit'> : never) : never;

async function toQuery(index: VectorIndex, using: string, query: WireVectorQuery): Promise<Plan> {
  const vectorsOf = async (examples: readonly wire.WireExample[]): Promise<Float32Array[]> => {
    const ids = examples.filter(example => typeof example === 'string');
    const stored = ids.length > 0 ? await index.retrieve(ids, { vectors: [using] }) : [];
    const byId = new Map(stored.map(point => [point.id, point.vectors[using]]));
    // An example without that vector is skipped.
    return examples
      .map(example => (typeof example === 'string' ? byId.get(example) : Float32Array.from(example)))
      .filter(vector => vector !== undefined);
  };
  const nearest = nearestOf(query);
  if (typeof nearest === 'object' && 'indices' in nearest) return { using, sparse: nearest };
  if (nearest !== undefined) {
    const [vector] = await vectorsOf([nearest]);
    if (!vector) throw new SemblanceError('index_rejected', 'No point with this id and vector');
    return { using, nearest: vector };
  }
  if (typeof query !== 'object' || !('recommend' in query)) throw new Error('unreachable');
  const [positive, negative] = await Promise.all([
    vectorsOf(query.recommend.positive),
    vectorsOf(query.recommend.negative),
  ]);
  if (query.recommend.strategy === 'best_score') return { using, best: { positive, negative } };
  const examples = (vectors: Float32Array[]) => vectors.map(vector => ({ vector }));
  return { using, nearest: averageQuery(examples(positive), examples(negative)) };
}

/**
 * The first points by a field, as `order_by` of a scroll: those without it are left out, and of equal values those
 * with the highest ids come first, since Qdrant promises no order among them.
 * Source: https://qdrant.tech/documentation/concepts/points/#order-points-by-payload-key
 */
export async function ordered(
  collection: Collection,
  filter: Filter | undefined,
  { key, direction }: { key: string; direction: 'asc' | 'desc' },
  limit: number,
): Promise<{ id: string }[]> {
  const field = collection.fields.get(key);
  if (field !== 'integer' && field !== 'float' && field !== 'datetime')
    throw new SemblanceError(
      'index_rejected',
      `No range index for \`order_by\` key: \`${key}\`. Please create one to use \`order_by\`. Check https://qdrant.tech/documentation/concepts/indexing/#payload-index to see which payload schemas support Range conditions`,
    );
  const index = await collection.index();
  const found: { id: string; value: number }[] = [];
  for (let offset: string | undefined; ; ) {
    const page = await index.scroll({ filter, limit: 1000, offset });
    for (const { id, payload } of page.points) {
      const { [key]: given } = payload;
      const value = typeof given === 'string' ? parseMicroseconds(given) : given;
      const isInteger = collection.fields.get(key) !== 'integer' || Number.isInteger(value);
      if (typeof value === 'number' && isInteger) found.push({ id, value });
    }
    if (page.next === null) break;
    offset = page.next;
  }
  const sign = direction === 'asc' ? 1 : -1;
  return found
    .sort((a, b) => (a.value - b.value) * sign || (a.id < b.id ? 1 : -1))
    .slice(0, limit)
    .map(({ id }) => ({ id }));
}

/** Points as they are sent, with the requested payload and vectors. */
export async function present(
  collection: Collection,
  asked: { with_payload: wire.WithPayload; with_vector: wire.WithVector },
  found: readonly { id: string; score?: number }[],
): Promise<WirePoint[]> {
  const { with_payload, with_vector } = asked;
  const bare = with_payload === false && with_vector === false;
  if (bare && found.every(({ score }) => score !== undefined)) return found.map(pick);
  const asks = (name: string): boolean =>
    Array.isArray(with_vector) ? with_vector.includes(name) : with_vector;
  const names = collection.vectorNames().filter(asks);
  const index = await collection.index();
  const stored = await index.retrieve(
    found.map(({ id }) => id),
    { vectors: names },
  );
  const byId = new Map(stored.map(point => [point.id, point]));
  return found.flatMap(point => {
    const whole = byId.get(point.id);
    return whole
      ? [{ ...pick(point), ...payloadOf(whole, with_payload), ...(with_vector !== false && vectorOf(whole)) }]
      : [];
  });

  function vectorOf({ id, vectors }: StoredPoint): Pick<WirePoint, 'vector'> {
    const dense = Object.entries(vectors).map(([name, vector]) => [name, [...vector]] as const);
    const sparse = Object.entries(collection.sparse.get(id) ?? {}).filter(([name]) => asks(name));
    return { vector: Object.fromEntries([...dense, ...sparse]) };
  }
}

const pick = ({ id, score }: { id: string; score?: number }): WirePoint =>
  score === undefined ? { id } : { id, score };

function payloadOf({ payload }: StoredPoint, asked: wire.WithPayload): { payload?: unknown } {
  if (asked === false) return {};
  const keep = (key: string): boolean =>
    asked === true || (Array.isArray(asked) ? asked.includes(key) : !asked.exclude.includes(key));
  return { payload: Object.fromEntries(Object.entries(payload).filter(([key]) => keep(key))) };
}

/** The type of a payload index as the port names it; none for a text index that finds no phrases. */
const fieldType = (field: wire.FieldSchema): PayloadFieldType[] =>
  typeof field === 'string' ? [field] : field.phrase_matching ? ['phrase'] : [];
