import { SemblanceError } from '../errors.ts';
import { createColumns, patchColumns, setColumns } from './columns.ts';
import type { Filter } from './filter.ts';
import { createMatrix, type Matrix } from './matrix.ts';
import { orderNumber } from './order-position.ts';
import { createOrderedSlots, type OrderedSlots } from './ordered-slots.ts';
import type { StoredRow } from './point-store.ts';
import { columnOf, compileFilter, type FilterTarget, type Predicate } from './predicate.ts';
import { createSparseRows } from './sparse-rows.ts';
import { top } from './top.ts';
import { unit } from './unit.ts';
import type {
  CollectionSchema,
  FacetCount,
  Order,
  OrderPosition,
  Payload,
  PayloadFieldType,
  Query,
  ScoredPoint,
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
  /** Best first, equal scores by id. @throws index_rejected */
  query(query: Query): ScoredPoint[];
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
}

export function createRamCopy(schema: CollectionSchema): RamCopy {
  const columns = createColumns(schema.payload);
  const matrices = new Map(Object.entries(schema.vectors).map(([name, size]) => [name, createMatrix(size)]));
  const sparse = new Map(schema.sparse.map(name => [name, createSparseRows()]));
  const slots = new Map<string, number>();
  const ids: (string | undefined)[] = [];
  const sorted = createSortedIds();

  const target: FilterTarget = {
    columns,
    slotOf: id => slots.get(id),
    hasVector(name) {
      const rows = matrices.get(name) ?? sparse.get(name);
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
  const touch = (slot: number): void => {
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
    for (const rows of [...matrices.values(), ...sparse.values()]) rows.remove(slot);
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
      setColumns(columns, slot, payload);
      touch(slot);
      for (const [name, matrix] of matrices) {
        const vector = row.vectors.get(name);
        if (vector) matrix.set(slot, vector);
        else matrix.remove(slot);
      }
      for (const [name, rows] of sparse) {
        const vector = row.sparse.get(name);
        if (vector) rows.set(slot, vector);
        else rows.remove(slot);
      }
    },
    patch(slot, patch) {
      patchColumns(columns, slot, patch);
      touch(slot);
    },
    remove,
    vector: (slot, name) => matrixOf(matrices, name).get(slot),
    query(query) {
      if (query.limit < 1) throw new SemblanceError('index_rejected', 'limit: must be 1 or larger');
      const pass = compile(query.filter);
      const { slots: found, scores } = 'sparse' in query ? scoreSparse(query) : scoreDense(query, pass);
      const above = Math.fround(query.scoreThreshold ?? Number.NEGATIVE_INFINITY);
      return top(found, scores, query.limit, above, byId).map(({ slot, score }) => ({
        id: ids[slot]!,
        score,
      }));

      function scoreSparse({ using, sparse: vector }: Extract<Query, { sparse: unknown }>) {
        const rows = sparse.get(using);
        if (!rows) throw new SemblanceError('index_rejected', `Not existing vector name error: ${using}`);
        return rows.score(vector, pass);
      }
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
  };

  function scoreDense(query: Exclude<Query, { sparse: unknown }>, pass: Predicate | undefined) {
    const matrix = matrixOf(matrices, query.using);
    const { found, rows } = pass ? matchingRows(matrix, pass) : { found: matrix.slots(), rows: undefined };
    const similarity = (vector: Float32Array) => matrix.dot(unitOf(matrix, vector), rows);
    if ('nearest' in query) return { slots: found, scores: similarity(query.nearest) };
    const { positive, negative } = query.best;
    const [liked, disliked] = [positive, negative].map(side => largest(found.length, side.map(similarity)));
    return { slots: found, scores: liked!.map((score, i) => bestScore(score, disliked![i]!)) };
  }
}

/** What has an order, as in Qdrant. */
const ORDERED_TYPES: readonly PayloadFieldType[] = ['integer', 'float', 'datetime'];

const matrixOf = (matrices: ReadonlyMap<string, Matrix>, name: string): Matrix => {
  const matrix = matrices.get(name);
  if (!matrix) throw new SemblanceError('index_rejected', `Not existing vector name error: ${name}`);
  return matrix;
};

/** The vector at unit length. @throws index_rejected for a wrong size or a component that is no number */
export function unitOf({ dimension }: { readonly dimension: number }, vector: Float32Array): Float32Array {
  if (vector.length !== dimension)
    throw new SemblanceError(
      'index_rejected',
      `Vector dimension error: expected dim: ${dimension}, got ${vector.length}`,
    );
  if (!vector.every(Number.isFinite))
    throw new SemblanceError('index_rejected', 'A vector has a component that is not a finite number');
  return unit(vector);
}

/** Slots that pass, and their rows. */
function matchingRows(matrix: Matrix, pass: Predicate): { found: Int32Array; rows: Uint32Array } {
  const slots = matrix.slots();
  const found = new Int32Array(slots.length);
  const rows = new Uint32Array(slots.length);
  let count = 0;
  for (let row = 0; row < slots.length; row++) {
    const slot = slots[row]!;
    if (!pass(slot)) continue;
    found[count] = slot;
    rows[count++] = row;
  }
  return { found: found.subarray(0, count), rows: rows.subarray(0, count) };
}

/** By row the largest of several scores; −∞ where there are none. */
function largest(length: number, lists: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(length).fill(Number.NEGATIVE_INFINITY);
  for (const list of lists) for (let i = 0; i < length; i++) if (list[i]! > result[i]!) result[i] = list[i]!;
  return result;
}

const bestScore = (liked: number, disliked: number): number =>
  liked > disliked ? sigmoid(liked) : -sigmoid(disliked);

const sigmoid = (x: number): number => 0.5 * (x / (1 + Math.abs(x)) + 1);

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
