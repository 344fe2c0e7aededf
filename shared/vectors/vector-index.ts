import type { Filter } from './filter.ts';

/**
 * Port: points of named vectors and a payload, found by nearness and filter.
 * Adapters: SQLite with an exact SIMD scan of a RAM copy (embedded-index.ts), Qdrant (qdrant-index.ts);
 * both pass tests/contracts/vector-index.ts and answer as golden/qdrant does.
 *
 * Similarity is the cosine: vectors are stored at unit length. Ids are lower-case UUIDs and order as text.
 * A filter or facet may only name fields of the schema, by conditions that fit their type: both adapters reject
 * others (`index_rejected`), as Qdrant Cloud does.
 * Every method may throw `index_unavailable` (passing), `index_denied` or `index_rejected` (permanent).
 */
export type SparseVector = { readonly indices: readonly number[]; readonly values: readonly number[] };

export type Payload = Record<string, unknown>;

export type Point = {
  readonly id: string;
  /** Dense vectors by name; a point may lack one. */
  readonly vectors: Readonly<Record<string, Float32Array>>;
  readonly sparse?: Readonly<Record<string, SparseVector>>;
  readonly payload: Payload;
};

export type StoredPoint = {
  readonly id: string;
  readonly payload: Payload;
  /** Only the vectors that were asked for and that the point has. */
  readonly vectors: Readonly<Record<string, Float32Array>>;
};

export type ScoredPoint = {
  readonly id: string;
  readonly score: number;
  /** The fields that the query asked for; absent where it asked for none. */
  readonly payload?: Payload;
};

/** Which top-level fields of a payload come back: all, none, or those named. */
export type PayloadFields = boolean | readonly string[];

/** What of a stored point comes back. */
export type StoredParts = {
  /** Default true; the payload is {} when false. */
  readonly payload?: PayloadFields;
  /** Names of vectors; default none. */
  readonly vectors?: readonly string[];
};

type QueryBase = {
  /** Name of the vector. */
  readonly using: string;
  readonly filter?: Filter | undefined;
  readonly limit: number;
  /** How many of the best are passed over; default 0. */
  readonly offset?: number | undefined;
  /** Default false. */
  readonly payload?: PayloadFields | undefined;
  /** Leaves out scores that are not above it (strict). */
  readonly scoreThreshold?: number | undefined;
};

/**
 * A hash that the points wanted are like: they share one of its four 16-bit quarters, and differ from it in no more
 * bits. It tells an index where to look: it may leave out others, or not.
 */
export type AlikeHash = { readonly key: string; readonly hash: string; readonly bits: number };

export type NearestQuery = QueryBase & {
  readonly nearest: Float32Array;
  readonly alike?: AlikeHash | undefined;
};

/**
 * Qdrant's best_score. P and N are the largest cosines to a positive and to a negative (−∞ where there are
 * none); σ(x) = (x/(1+|x|)+1)/2; score = P > N ? σ(P) : −σ(N).
 * Source: lib/segment/src/vector_storage/query/reco_query.rs.
 */
export type BestQuery = QueryBase & {
  readonly best: { readonly positive: readonly Float32Array[]; readonly negative: readonly Float32Array[] };
};

/** Dot product with a sparse vector; each query weight is multiplied by the term's IDF over the collection. */
export type SparseQuery = QueryBase & { readonly sparse: SparseVector };

export type Query = NearestQuery | BestQuery | SparseQuery;

export type Direction = 'asc' | 'desc';

/** Payload fields of numbers or datetimes, one value each; the next decides where values are equal. */
export type Order = { readonly keys: readonly string[]; readonly direction: Direction };

/** Where a point stands in an order: its values of the order's keys, null where the field is missing. */
export type OrderPosition = { readonly values: readonly (string | number | null)[]; readonly id: string };

export type FacetCount = { readonly value: string | boolean | number; readonly count: number };

export interface VectorIndex {
  /** Creates what is missing (collection, payload indexes). Idempotent, also when two start at once. */
  bootstrap(): Promise<void>;
  /** Whole points, replacing what was there; durable and searchable when it returns. */
  upsert(points: readonly Point[]): Promise<void>;
  /** Merges top-level keys into the payload; null deletes a key. Unknown ids are ignored. */
  setPayload(ids: readonly string[], patch: Payload): Promise<void>;
  /** Unknown ids are ignored. */
  delete(ids: readonly string[]): Promise<void>;
  /** Points in the order of the ids asked for; unknown ones are left out. */
  retrieve(ids: readonly string[], options?: StoredParts): Promise<StoredPoint[]>;
  /**
   * Several queries in one round trip; each list best first, equal scores ascending by id. Queries that differ in
   * offset and limit alone are windows of one list: side by side they neither overlap nor leave gaps, as long as
   * nothing is written in between and offset + limit stays within 10,000.
   */
  query(queries: readonly Query[]): Promise<ScoredPoint[][]>;
  /** Of each term the IDF by which sparse queries weigh it; undefined where no point has the term. */
  idf(using: string, terms: readonly number[]): Promise<(number | undefined)[]>;
  /** Ascending by id, from `offset` (inclusive); `next` is the id that the following page starts with. */
  scroll(
    options: StoredParts & {
      readonly filter?: Filter | undefined;
      readonly limit: number;
      readonly offset?: string | undefined;
    },
  ): Promise<{ points: StoredPoint[]; next: string | null }>;
  /**
   * In the order of payload fields, equal values ascending by id in either direction, points without the field last;
   * a value of another type is in no order. `after` is the position of the last point that was seen, which may be
   * gone by now; `next` is that of the last point here, null at the end.
   */
  scrollOrdered(options: {
    readonly filter?: Filter | undefined;
    readonly order: Order;
    readonly limit: number;
    readonly after?: OrderPosition | undefined;
    /** Default true; the fields of the order come too. */
    readonly payload?: true | readonly string[] | undefined;
  }): Promise<{ points: StoredPoint[]; next: OrderPosition | null }>;
  /** So many points at random, each as likely as any other, in random order. */
  sample(options: { readonly filter?: Filter | undefined; readonly limit: number }): Promise<StoredPoint[]>;
  /**
   * A window of all matching points in a random order that the seed names, each order as likely as any other: the
   * same for the same points, and a filter only takes points out of it. The score falls along it, in (0, 1).
   */
  shuffle(options: {
    readonly filter?: Filter | undefined;
    readonly seed: string;
    readonly skip: number;
    readonly limit: number;
  }): Promise<ScoredPoint[]>;
  count(filter?: Filter): Promise<number>;
  /** Values of a payload field with how many points have each, most first, then by value. */
  facet(options: {
    readonly key: string;
    readonly filter?: Filter | undefined;
    readonly limit: number;
  }): Promise<FacetCount[]>;
  /** Flushes and lets go of files, threads and sockets. */
  close(): Promise<void>;
}

/**
 * What a payload index must be able to do; Qdrant Cloud rejects filters on fields without one. A `unique` field is a
 * keyword that hardly two points share: it is matched by its value, and neither counted nor excepted. `letters` are
 * phrases whose words are single characters.
 */
export type PayloadFieldType =
  | 'keyword'
  | 'unique'
  | 'integer'
  | 'float'
  | 'bool'
  | 'datetime'
  | 'phrase'
  | 'letters';

/** Shape of a collection, the same for both adapters. */
export type CollectionSchema = {
  /** Dense vectors and their dimensions. */
  readonly vectors: Readonly<Record<string, number>>;
  readonly sparse: readonly string[];
  /** Payload fields of 64-bit hashes, 16 hex digits each, that queries may name as `alike`. */
  readonly hashes?: readonly string[];
  readonly payload: Readonly<Record<string, PayloadFieldType>>;
};
