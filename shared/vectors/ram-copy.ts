import { SemblanceError } from '../errors.ts';
import { createCodeMatrix } from './code-matrix.ts';
import { createColumns, patchColumns, setColumns } from './columns.ts';
import { type DenseQuery, type DenseVectors, type ScoredSlots, scanDense } from './dense-search.ts';
import { createExactVectors } from './exact-vectors.ts';
import type { Filter } from './filter.ts';
import { orderNumber } from './order-position.ts';
import { createOrderedSlots, type OrderedSlots } from './ordered-slots.ts';
import type { PointStore, StoredRow } from './point-store.ts';
import { columnOf, compileFilter, type FilterTarget, type Predicate } from './predicate.ts';
import { createSparseRows } from './sparse-rows.ts';
import { top } from './top.ts';
import type {
  CollectionSchema,
  FacetCount,
  Order,
  OrderPosition,
  Payload,
  PayloadFieldType,
  Query,
  ScoredPoint,
  SparseQuery,
} from './vector-index.ts';

/**
 * The searching half of the embedded index: of every point its vectors and the payload fields that filters
 * may name, by slot. Nothing here waits or touches a file.
 */
export interface RamCopy {
  slotOf(id: string): number | undefined;
  /** Puts a row in its slot, or clears the slot of a deleted one. */
  put(row: StoredRow): void;
  /** Takes over fields of a payload; undefined or null as they would be stored. */
  patch(slot: number, patch: Payload): void;
  remove(slot: number): void;
  /** A copy, Float32Array[dimension]; undefined where the point has no such vector. @throws index_rejected */
  vector(slot: number, name: string): Float32Array | undefined;
  /**
   * Scans, while the copy may change, and then hands out what makes the list of the points as they are when it is
   * called: best first, equal scores by id. It reads vectors from the file. @throws index_rejected
   */
  query(query: Query): Promise<() => ScoredPoint[]>;
  /** Matching ids in ascending order, from `offset`, at most `limit`. */
  page(filter: Filter | undefined, offset: string, limit: number): string[];
  /** Matching ids in the order of fields, after a position, at most `limit`. @throws index_rejected */
  orderedPage(
    filter: Filter | undefined,
    order: Order,
    after: OrderPosition | undefined,
    limit: number,
  ): string[];
  count(filter: Filter | undefined): number;
  facet(key: string, filter: Filter | undefined, limit: number): FacetCount[];
  /** Ends its threads. */
  close(): Promise<void>;
}

export function createRamCopy(schema: CollectionSchema, store: Pick<PointStore, 'vector'>): RamCopy {
  const columns = createColumns(schema.payload);
  const dense = new Map<string, DenseVectors>(
    Object.entries(schema.vectors).map(([name, dimension]) => [
      name,
      {
        codes: createCodeMatrix(dimension),
        exact: createExactVectors(dimension, slot => store.vector(name, slot)),
      },
    ]),
  );
  const sparse = new Map(schema.sparse.map(name => [name, createSparseRows()]));
  const slots = new Map<string, number>();
  const ids: (string | undefined)[] = [];
  const sorted = createSortedIds();

  const target: FilterTarget = {
    columns,
    slotOf: id => slots.get(id),
    hasVector(name) {
      const rows = dense.get(name)?.codes ?? sparse.get(name);
      return rows && (slot => rows.has(slot));
    },
  };
  const compile = (filter: Filter | undefined): Predicate | undefined => compileFilter(filter, target);
  const byId = (one: number, other: number): boolean => ids[one]! < ids[other]!;

  const orders = new Map<string, OrderedSlots>();
  const orderedBy = ({ keys, direction }: Order): OrderedSlots => {
    const name = [direction, ...keys].join(' ');
    const known = orders.get(name);
    if (known) return known;
    const source = {
      columns: keys.map(key => columnOf(target, key, ORDERED_TYPES)),
      idAt: (slot: number) => ids[slot],
      slotsById: () => Int32Array.from(sorted.ids(), id => slots.get(id)!),
    };
    const created = createOrderedSlots(source, direction);
    orders.set(name, created);
    return created;
  };
  /** Of each scan under way the slots that have changed since it began. */
  const watches = new Set<Set<number>>();
  const touch = (slot: number): void => {
    for (const changed of watches) changed.add(slot);
    for (const order of orders.values()) order.touch(slot);
  };

  const remove = (slot: number): void => {
    const id = ids[slot];
    if (id === undefined) return;
    touch(slot);
    ids[slot] = undefined;
    slots.delete(id);
    sorted.remove(id);
    setColumns(columns, slot, {});
    for (const { codes, exact } of dense.values()) {
      codes.remove(slot);
      exact.put(slot, undefined);
    }
    for (const rows of sparse.values()) rows.remove(slot);
  };

  return {
    slotOf: id => slots.get(id),
    put(row) {
      const { slot, id, payload } = row;
      if (payload === null) return remove(slot);
      if (ids[slot] !== id) {
        remove(slot);
        while (ids.length < slot) ids.push(undefined);
        ids[slot] = id;
        slots.set(id, slot);
        sorted.add(id);
      }
      touch(slot);
      setColumns(columns, slot, payload);
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
    },
    patch(slot, patch) {
      touch(slot);
      patchColumns(columns, slot, patch);
    },
    remove,
    vector(slot, name) {
      const { codes, exact } = denseOf(name);
      return codes.has(slot) ? exact.of(slot)?.slice() : undefined;
    },
    async query(query) {
      if (query.limit < 1) throw new SemblanceError('index_rejected', 'limit: must be 1 or larger');
      const scored = 'sparse' in query ? scoreSparse(query) : await scanned(query);
      const above = Math.fround(query.scoreThreshold ?? Number.NEGATIVE_INFINITY);
      return () => {
        const { slots: found, scores } = scored();
        return top(found, scores, query.limit, above, byId).map(({ slot, score }) => ({
          id: ids[slot]!,
          score,
        }));
      };
    },
    page(filter, offset, limit) {
      const pass = compile(filter);
      const page: string[] = [];
      const all = sorted.ids();
      for (let i = sorted.from(offset); i < all.length && page.length < limit; i++)
        if (!pass || pass(slots.get(all[i]!)!)) page.push(all[i]!);
      return page;
    },
    orderedPage(filter, order, after, limit) {
      const pass = compile(filter);
      const page: string[] = [];
      const slotsAfter = orderedBy(order).after(after && { ...after, values: after.values.map(orderNumber) });
      for (const slot of slotsAfter) {
        if (page.length === limit) break;
        if (!pass || pass(slot)) page.push(ids[slot]!);
      }
      return page;
    },
    count(filter) {
      const pass = compile(filter);
      if (!pass) return slots.size;
      let count = 0;
      for (let slot = 0; slot < ids.length; slot++) if (ids[slot] !== undefined && pass(slot)) count++;
      return count;
    },
    facet(key, filter, limit) {
      const { cells } = columnOf(target, key, ['keyword', 'integer', 'bool']);
      const pass = compile(filter);
      const counts = new Map<string | number | boolean, number>();
      const add = (value: string | number | boolean): void => {
        counts.set(value, (counts.get(value) ?? 0) + 1);
      };
      for (let slot = 0; slot < ids.length; slot++) {
        const cell = cells[slot];
        if (cell === undefined || cell === null || (pass && !pass(slot))) continue;
        if (typeof cell !== 'object') add(cell);
        else for (let i = 0; i < cell.length; i++) if (cell.indexOf(cell[i]!) === i) add(cell[i]!);
      }
      return [...counts]
        .map(([value, count]) => ({ value, count }))
        .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
        .slice(0, limit);
    },
    async close() {
      await Promise.all([...dense.values()].map(({ codes }) => codes.close()));
    },
  };

  function scoreSparse({ using, sparse: vector, filter }: SparseQuery): () => ScoredSlots {
    const rows = sparse.get(using);
    if (!rows) throw new SemblanceError('index_rejected', `Not existing vector name error: ${using}`);
    return () => rows.score(vector, compile(filter));
  }

  async function scanned(query: DenseQuery): Promise<() => ScoredSlots> {
    const changed = new Set<number>();
    watches.add(changed);
    try {
      const scan = await scanDense(denseOf(query.using), query, compile(query.filter));
      return () => {
        watches.delete(changed);
        return scan.take(compile(query.filter), changed);
      };
    } catch (error) {
      watches.delete(changed);
      throw error;
    }
  }

  function denseOf(name: string): DenseVectors {
    const vectors = dense.get(name);
    if (!vectors) throw new SemblanceError('index_rejected', `Not existing vector name error: ${name}`);
    return vectors;
  }
}

/** What has an order, as in Qdrant. */
const ORDERED_TYPES: readonly PayloadFieldType[] = ['integer', 'float', 'datetime'];

/** Ids in ascending order; changes gather and are merged when the order is next asked for. */
function createSortedIds() {
  let sorted: string[] = [];
  const added = new Set<string>();
  const removed = new Set<string>();

  const settle = (): string[] => {
    if (added.size + removed.size === 0) return sorted;
    const kept = removed.size === 0 ? sorted : sorted.filter(id => !removed.has(id));
    const fresh = [...added].sort();
    const merged: string[] = [];
    for (let i = 0, j = 0; i < kept.length || j < fresh.length; ) {
      const takeKept = j === fresh.length || (i < kept.length && kept[i]! < fresh[j]!);
      merged.push(takeKept ? kept[i++]! : fresh[j++]!);
    }
    sorted = merged;
    added.clear();
    removed.clear();
    return sorted;
  };

  return {
    add(id: string): void {
      if (!removed.delete(id)) added.add(id);
    },
    remove(id: string): void {
      if (!added.delete(id)) removed.add(id);
    },
    ids: settle,
    /** Index of the first id that is not below this one. */
    from(id: string): number {
      const all = settle();
      let [low, high] = [0, all.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (all[middle]! < id) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}
