import { SemblanceError } from '../errors.ts';
import { createCodeMatrix } from './code-matrix.ts';
import type { Predicate } from './column.ts';
import { type DenseQuery, type DenseVectors, type ScoredSlots, scanDense } from './dense-search.ts';
import { createExactVectors, dot } from './exact-vectors.ts';
import type { Filter } from './filter.ts';
import { createHashColumn } from './hash-column.ts';
import type { ImageReader, ImageWriter } from './image-file.ts';
import type { PointStore, StoredRow } from './point-store.ts';
import { createScanThreads } from './scan-threads.ts';
import { createSparseRows, type SparseRows } from './sparse-rows.ts';
import { unitOf } from './unit.ts';
import type { CollectionSchema, NearestQuery, Payload, Query } from './vector-index.ts';

/** Dense and sparse vectors of all points, by slot, and the hashes by which a search is narrowed. */
export interface RamVectors {
  /** Whether a slot has a vector of that name; undefined for an unknown name. */
  has(name: string): Predicate | undefined;
  /** Takes over what a row has, and nothing else of its slot stays. */
  put(slot: number, row: Pick<StoredRow, 'vectors' | 'sparse'>, payload: Payload): void;
  patch(slot: number, patch: Payload): void;
  remove(slot: number): void;
  /** The point in this slot changed: a scan under way judges it anew. */
  touch(slot: number): void;
  /** A copy, Float32Array[dimension]; undefined where the point has no such vector. @throws index_rejected */
  vector(slot: number, name: string): Float32Array | undefined;
  /**
   * Scans, while points may change, and then hands out what scores them as they are when it is called: slots that
   * hold the best, and perhaps others. @throws index_rejected
   * @param whole see scanDense
   */
  score(query: Query, whole: boolean): Promise<() => ScoredSlots | undefined>;
  /** IDF of each term; undefined where no point has it. @throws index_rejected */
  idf(using: string, terms: readonly number[]): (number | undefined)[];
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
  /** Ends its threads. */
  close(): Promise<void>;
}

export function createRamVectors(
  schema: CollectionSchema,
  store: Pick<PointStore, 'vector'>,
  compile: (filter: Filter | undefined) => Predicate | undefined,
): RamVectors {
  const threads = createScanThreads();
  const dense = new Map<string, DenseVectors>(
    Object.entries(schema.vectors).map(([name, dimension]) => {
      const exact = createExactVectors(dimension, slot => store.vector(name, slot));
      return [name, { codes: createCodeMatrix(dimension, threads), exact }];
    }),
  );
  const sparse = new Map(schema.sparse.map(name => [name, createSparseRows()]));
  const hashes = new Map((schema.hashes ?? []).map(key => [key, createHashColumn()]));
  const parts = [...[...dense.values()].map(({ codes }) => codes), ...sparse.values(), ...hashes.values()];
  /** Of each scan under way the slots that have changed since it began. */
  const watches = new Set<Set<number>>();

  return {
    has(name) {
      const rows = dense.get(name)?.codes ?? sparse.get(name);
      return rows && (slot => rows.has(slot));
    },
    put(slot, row, payload) {
      for (const [name, { codes, exact }] of dense) {
        const vector = row.vectors.get(name);
        if (vector) codes.set(slot, vector);
        else codes.remove(slot);
        exact.put(slot, vector);
      }
      for (const [name, rows] of sparse) {
        const vector = row.sparse.get(name);
        if (vector) rows.set(slot, vector);
        else rows.remove(slot);
      }
      for (const [key, column] of hashes) column.set(slot, payload[key]);
    },
    patch(slot, patch) {
      for (const [key, column] of hashes) if (Object.hasOwn(patch, key)) column.set(slot, patch[key]);
    },
    remove(slot) {
      for (const { codes, exact } of dense.values()) {
        codes.remove(slot);
        exact.put(slot, undefined);
      }
      for (const rows of sparse.values()) rows.remove(slot);
      for (const column of hashes.values()) column.set(slot, undefined);
    },
    touch(slot) {
      for (const changed of watches) changed.add(slot);
    },
    vector(slot, name) {
      const { codes, exact } = denseOf(name);
      return codes.has(slot) ? exact.of(slot)?.slice() : undefined;
    },
    async score(query, whole) {
      if ('sparse' in query) {
        const rows = sparseOf(query.using);
        return () => rows.score(query.sparse, compile(query.filter));
      }
      return ('nearest' in query ? scoreAlike(query) : undefined) ?? (await scan(query, whole));
    },
    idf: (using, terms) => sparseOf(using).idf(terms),
    save(writer) {
      for (const part of parts) part.save(writer);
    },
    load(reader) {
      for (const part of parts) part.load(reader);
    },
    close: threads.close,
  };

  /** Without a scan: only what has a hash like the one that is asked for. */
  function scoreAlike(query: NearestQuery): (() => ScoredSlots) | undefined {
    const { alike } = query;
    const column = alike && hashes.get(alike.key);
    if (!column) return undefined;
    const { codes, exact } = denseOf(query.using);
    const vector = unitOf(codes, query.nearest);
    return () => {
      const pass = compile(query.filter);
      const slots = Int32Array.from(column.alike(alike.hash, alike.bits)).filter(
        slot => codes.has(slot) && (!pass || pass(slot)),
      );
      return { slots, scores: Float32Array.from(slots, slot => dot(vector, exact.of(slot)!)) };
    };
  }

  async function scan(query: DenseQuery, whole: boolean): Promise<() => ScoredSlots | undefined> {
    const changed = new Set<number>();
    watches.add(changed);
    try {
      const scanned = await scanDense(denseOf(query.using), query, compile(query.filter), whole);
      return () => {
        watches.delete(changed);
        const passes = changed.size > 0 ? compile(query.filter) : undefined;
        return scanned.take(changed, passes ?? (() => true));
      };
    } catch (error) {
      watches.delete(changed);
      throw error;
    }
  }

  function denseOf(name: string): DenseVectors {
    const vectors = dense.get(name);
    if (!vectors) throw unknownVector(name);
    return vectors;
  }

  function sparseOf(name: string): SparseRows {
    const rows = sparse.get(name);
    if (!rows) throw unknownVector(name);
    return rows;
  }
}

const unknownVector = (name: string): SemblanceError =>
  new SemblanceError('index_rejected', `Not existing vector name error: ${name}`);
