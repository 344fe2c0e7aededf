import { SemblanceError } from '../errors.ts';
import type { Cell, Scalar } from './cells.ts';
import type { Predicate } from './column.ts';
import { columnsOf, createColumns, patchColumns, setColumns } from './columns.ts';
import type { Filter } from './filter.ts';
import type { ImageReader, ImageWriter } from './image-file.ts';
import { orderNumber } from './order-position.ts';
import { createOrderedSlots, type OrderedSlots } from './ordered-slots.ts';
import { createPointIds } from './point-ids.ts';
import type { PointStore, StoredRow } from './point-store.ts';
import { columnOf, compileFilter, type FilterTarget, fewSlots } from './predicate.ts';
import { createRamVectors } from './ram-vectors.ts';
import { randomSlots } from './random-slots.ts';
import { createBestSlots, type Ranked, top } from './top.ts';
import type {
  CollectionSchema,
  FacetCount,
  Order,
  OrderPosition,
  Payload,
  PayloadFieldType,
  Query,
} from './vector-index.ts';

/**
 * The searching half of the embedded index: of every point its vectors and the payload fields that filters
 * may name, by slot. Nothing here waits or touches a file.
 */
export interface RamCopy {
  /** Points. */
  readonly size: number;
  slotOf(id: string): number | undefined;
  /** The id of the point in a slot. */
  idAt(slot: number): string;
  /** Puts a row in its slot, or clears the slot of a deleted one. */
  put(row: StoredRow): void;
  /** Takes over fields of a payload; undefined or null as they would be stored. */
  patch(slot: number, patch: Payload): void;
  remove(slot: number): void;
  /** A copy, Float32Array[dimension]; undefined where the point has no such vector. @throws index_rejected */
  vector(slot: number, name: string): Float32Array | undefined;
  /**
   * Scans, while the copy may change, and then hands out what makes the list of the points as they are when it is
   * called: best first, equal scores by id. It reads vectors from the file. Undefined where too much of the list has
   * gone since the scan, which never is where the scan keeps the whole of it. @throws index_rejected
   */
  query(query: Query, whole: boolean): Promise<() => Ranked[] | undefined>;
  /** IDF of each term; undefined where no point has it. @throws index_rejected */
  idf(using: string, terms: readonly number[]): (number | undefined)[];
  /** Matching ids in ascending order, from `offset`, at most `limit`. */
  page(filter: Filter | undefined, offset: string, limit: number): string[];
  /** So many matching ids at random, each as likely as any other, in random order. */
  sample(filter: Filter | undefined, limit: number): string[];
  /** The first of the matching points in the random order of a seed. */
  shuffled(filter: Filter | undefined, seed: string, limit: number): Ranked[];
  /** Steps that prepare an order, where it is asked for the first time; see OrderedSlots. @throws index_rejected */
  sort(order: Order): Iterable<void>;
  /** Matching ids in the order of fields, after a position, at most `limit`. @throws index_rejected */
  orderedPage(
    filter: Filter | undefined,
    order: Order,
    after: OrderPosition | undefined,
    limit: number,
  ): string[];
  count(filter: Filter | undefined): number;
  facet(key: string, filter: Filter | undefined, limit: number): FacetCount[];
  /** Writes all of it to an image, and takes it over into a copy that is empty. */
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
  /** Ends its threads. */
  close(): Promise<void>;
}

export function createRamCopy(
  schema: CollectionSchema,
  store: Pick<PointStore, 'vector' | 'payload'>,
): RamCopy {
  const ids = createPointIds();
  const columns = createColumns(schema.payload, (slot, field) => store.payload(slot)?.[field]);
  const compile = (filter: Filter | undefined): Predicate | undefined => compileFilter(filter, target);
  const vectors = createRamVectors(schema, store, compile);
  const target: FilterTarget = { columns, slotOf: ids.slotOf, hasVector: vectors.has };
  const parts = [ids, ...columnsOf(columns), vectors];
  const byId = (one: number, other: number): boolean => ids.compare(one, other) < 0;

  const orders = new Map<string, OrderedSlots>();
  const orderedBy = ({ keys, direction }: Order): OrderedSlots => {
    const name = [direction, ...keys].join(' ');
    const known = orders.get(name);
    if (known) return known;
    const source = {
      columns: keys.map(key => columnOf(target, key, ORDERED_TYPES)),
      ids,
    };
    const created = createOrderedSlots(source, direction);
    orders.set(name, created);
    return created;
  };
  const touch = (slot: number): void => {
    vectors.touch(slot);
    for (const order of orders.values()) order.touch(slot);
  };

  const remove = (slot: number): void => {
    if (!ids.has(slot)) return;
    touch(slot);
    ids.remove(slot);
    setColumns(columns, slot, {});
    vectors.remove(slot);
  };

  return {
    get size() {
      return ids.size;
    },
    slotOf: ids.slotOf,
    idAt: ids.at,
    put(row) {
      const { slot, id, payload } = row;
      if (payload === null) return remove(slot);
      if (ids.slotOf(id) !== slot) {
        remove(slot);
        ids.set(slot, id);
      }
      touch(slot);
      setColumns(columns, slot, payload);
      vectors.put(slot, row, payload);
    },
    patch(slot, patch) {
      touch(slot);
      patchColumns(columns, slot, patch);
      vectors.patch(slot, patch);
    },
    remove,
    vector: vectors.vector,
    async query(query, whole) {
      if (query.limit < 1) throw new SemblanceError('index_rejected', 'limit: must be 1 or larger');
      const scored = await vectors.score(query, whole);
      const above = Math.fround(query.scoreThreshold ?? Number.NEGATIVE_INFINITY);
      return () => {
        const points = scored();
        return points && top(points.slots, points.scores, query.limit, above, byId);
      };
    },
    idf: vectors.idf,
    page(filter, offset, limit) {
      const pass = compile(filter);
      const few = fewSlots(filter, target);
      const { slots, start } = few ? { slots: ascending(few, offset), start: 0 } : ids.ascendingFrom(offset);
      const page: string[] = [];
      for (let i = start; i < slots.length && page.length < limit; i++)
        if (!pass || pass(slots[i]!)) page.push(ids.at(slots[i]!));
      return page;
    },
    sample(filter, limit) {
      const pass = compile(filter);
      const few = fewSlots(filter, target);
      const candidates = few && Int32Array.from(few);
      const slotAt = (i: number): number => candidates?.[i] ?? i;
      const matches = (i: number): boolean => ids.has(slotAt(i)) && (!pass || pass(slotAt(i)));
      return randomSlots(candidates?.length ?? ids.end, limit, matches).map(i => ids.at(slotAt(i)));
    },
    shuffled(filter, seed, limit) {
      const best = createBestSlots(limit, 0, byId);
      for (const slots of matching(filter)) best.offer(slots, ids.shuffleScores(slots, seed));
      return best.list();
    },
    sort: order => orderedBy(order).sort(),
    orderedPage(filter, order, after, limit) {
      const pass = compile(filter);
      const page: string[] = [];
      const slotsAfter = orderedBy(order).after(after && { ...after, values: after.values.map(orderNumber) });
      for (const slot of slotsAfter) {
        if (page.length === limit) break;
        if (!pass || pass(slot)) page.push(ids.at(slot));
      }
      return page;
    },
    count(filter) {
      if (!compile(filter)) return ids.size;
      let count = 0;
      for (const slots of matching(filter)) count += slots.length;
      return count;
    },
    facet(key, filter, limit) {
      const column = columnOf(target, key, ['keyword', 'integer', 'bool']);
      const counts = new Map<Scalar, number>();
      for (const [cell, count] of column.tally(ids.end, compile(filter)))
        for (const value of valuesOf(cell)) counts.set(value, (counts.get(value) ?? 0) + count);
      return [...counts]
        .map(([value, count]) => ({ value, count }))
        .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
        .slice(0, limit);
    },
    save(writer) {
      for (const part of parts) part.save(writer);
    },
    load(reader) {
      for (const part of parts) part.load(reader);
    },
    close: vectors.close,
  };

  /** Slots of the points that match, in no order, some at a time: each list is valid until the next. */
  function* matching(filter: Filter | undefined): Generator<Int32Array> {
    const pass = compile(filter);
    const few = fewSlots(filter, target);
    if (few) return yield Int32Array.from(few).filter(slot => !pass || pass(slot));
    const slots = new Int32Array(BLOCK);
    for (let start = 0; start < ids.end; start += BLOCK) {
      const end = Math.min(ids.end, start + BLOCK);
      let count = 0;
      for (let slot = start; slot < end; slot++)
        if (ids.has(slot) && (!pass || pass(slot))) slots[count++] = slot;
      yield slots.subarray(0, count);
    }
  }

  function ascending(few: ReadonlySet<number>, offset: string): number[] {
    return [...few].filter(slot => ids.at(slot) >= offset).sort(ids.compare);
  }
}

/** Slots that are looked at before what matches is used. */
const BLOCK = 16_384;

/** What has an order, as in Qdrant. */
const ORDERED_TYPES: readonly PayloadFieldType[] = ['integer', 'float', 'datetime'];

/** The different values of a cell. */
function valuesOf(cell: Cell): Iterable<Scalar> {
  if (cell === undefined || cell === null) return [];
  return typeof cell === 'object' ? new Set(cell) : [cell];
}
