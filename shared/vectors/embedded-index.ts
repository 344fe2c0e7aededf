import { setImmediate } from 'node:timers/promises';
import { hasCode, SemblanceError } from '../errors.ts';
import { isDamaged, keepAside } from '../sqlite.ts';
import { positionOf } from './order-position.ts';
import { isPointId } from './point-ids.ts';
import { openPointStore, type PointStore, type StoredRow } from './point-store.ts';
import type { RamCopy } from './ram-copy.ts';
import { dropImage } from './ram-image.ts';
import { type OpeningOptions, openSyncedCopy } from './synced-copy.ts';
import { unitOf } from './unit.ts';
import type {
  CollectionSchema,
  Payload,
  PayloadFields,
  Point,
  Query,
  ScoredPoint,
  StoredParts,
  StoredPoint,
  VectorIndex,
} from './vector-index.ts';

/** A VectorIndex in one SQLite file, and whether it had to begin anew. */
export type EmbeddedIndex = VectorIndex & {
  /** Where the damaged file was kept, if there was one: the index is empty and must be rebuilt. Else null. */
  readonly damagedFile: string | null;
};

export type EmbeddedIndexOptions = OpeningOptions & {
  readonly file: string;
  readonly schema: CollectionSchema;
  /** Deleted rows that are remembered for other processes; those further behind read everything again. */
  readonly tombstones?: number;
};

/**
 * Opens the embedded index: SQLite for what must last, and a copy in RAM of what searches and filters ask: of each
 * vector 8-bit codes, by which it is scanned (a byte a component: 512 MB for a million vectors of 512), and the
 * filtered fields. The best by their codes are scored by the vectors in the file, so scores and order are exact.
 * Several processes may have the same file open: each call sees what the others had written before it.
 * @throws data_read_only, disk_full, index_unavailable; index_rejected for a file of other vectors; the signal's reason
 */
export async function openEmbeddedIndex(options: EmbeddedIndexOptions): Promise<EmbeddedIndex> {
  const { file } = options;
  try {
    return await open(options, null);
  } catch (error) {
    if (!isDamaged(error) && !hasCode(error, 'index_corrupt')) throw error;
    dropImage(file);
    return await open(options, keepAside(file));
  }
}

async function open(options: EmbeddedIndexOptions, damagedFile: string | null): Promise<EmbeddedIndex> {
  const store = openPointStore(options.file, options.schema, options.tombstones);
  try {
    return await createIndex(store, options, damagedFile);
  } catch (error) {
    store.close();
    throw error;
  }
}

async function createIndex(
  store: PointStore,
  { file, schema, ...opening }: EmbeddedIndexOptions,
  damagedFile: string | null,
): Promise<EmbeddedIndex> {
  const { reading, writing, close } = await openSyncedCopy(file, store, schema, opening);

  /** The list of a query, of the points as they are when its scan is done. */
  const ranked = async (query: Query): Promise<ScoredPoint[]> => {
    const { offset = 0, limit, payload = false } = query;
    const deep = { ...query, limit: limit < 1 ? limit : offset + limit };
    for (let whole = false; ; whole = true) {
      const { scanned, scan } = await reading(ram => ({ scanned: ram, scan: ram.query(deep, whole) }));
      const list = await scan;
      const points = await reading(ram => {
        if (scanned !== ram) return undefined;
        return list()
          ?.slice(offset)
          .map(({ slot, score }) => {
            const point = { id: ram.idAt(slot), score };
            return payload === false ? point : { ...point, payload: payloadOf(slot, payload) ?? {} };
          });
      });
      if (points) return points;
    }
  };

  const stored =
    (ram: RamCopy, { payload: fields = true, vectors: names = [] }: StoredParts) =>
    (id: string): StoredPoint[] => {
      const slot = ram.slotOf(id);
      if (slot === undefined) return [];
      const payload = payloadOf(slot, fields);
      if (!payload) return [];
      const vectors = names.flatMap(name => {
        const vector = ram.vector(slot, name);
        return vector ? [[name, vector] as const] : [];
      });
      return [{ id, payload, vectors: Object.fromEntries(vectors) }];
    };

  /** The fields that are wanted; undefined where the slot has no point. */
  const payloadOf = (slot: number, fields: PayloadFields): Payload | undefined => {
    if (fields === false) return {};
    const payload = store.payload(slot);
    return !payload || fields === true ? payload : fieldsOf(payload, fields);
  };

  return {
    damagedFile,
    async bootstrap() {
      // The tables are made on opening.
    },
    async upsert(points) {
      const rows = points.map(point => rowOf(point, schema));
      if (rows.length === 0) return;
      await writing((version, ram) =>
        rows.map(row => {
          const slot = store.putPoint(version, row);
          return () => ram.put({ ...row, slot });
        }),
      );
    },
    async setPayload(ids, patch) {
      if (ids.length === 0) return;
      await writing((version, ram) =>
        known(ram, ids).map(slot => {
          store.putPayload(version, slot, merged(store.payload(slot) ?? {}, patch));
          return () => ram.patch(slot, nullsAsMissing(patch));
        }),
      );
    },
    async delete(ids) {
      if (ids.length === 0) return;
      await writing((version, ram) =>
        known(ram, ids).map(slot => {
          store.deletePoint(version, slot);
          return () => ram.remove(slot);
        }),
      );
    },
    retrieve: (ids, parts = {}) => reading(ram => ids.flatMap(stored(ram, parts))),
    query: queries => Promise.all(queries.map(ranked)),
    idf: (using, terms) => reading(ram => ram.idf(using, terms)),
    scroll: ({ filter, limit, offset = '', ...parts }) =>
      reading(ram => {
        checkLimit(limit);
        const ids = ram.page(filter, offset, limit + 1);
        return {
          points: ids.slice(0, limit).flatMap(stored(ram, parts)),
          next: ids[limit] ?? null,
        };
      }),
    async scrollOrdered({ filter, order, limit, after, payload = true }) {
      checkLimit(limit);
      // The first page of an order takes half a second at a million points, in which others get their turn.
      for (const _ of await reading(ram => ram.sort(order))) await setImmediate();
      return reading(ram => {
        const ids = ram.orderedPage(filter, order, after, limit + 1);
        const fields = payload === true || [...payload, ...order.keys];
        const points = ids.slice(0, limit).flatMap(stored(ram, { payload: fields }));
        return { points, next: ids.length > limit ? positionOf(points.at(-1), order) : null };
      });
    },
    sample: ({ filter, limit }) =>
      reading(ram => {
        checkLimit(limit);
        return ram.sample(filter, limit).flatMap(stored(ram, {}));
      }),
    shuffle: ({ filter, seed, skip, limit }) =>
      reading(ram => {
        checkLimit(limit);
        const ranked = ram.shuffled(filter, seed, skip + limit).slice(skip);
        return ranked.map(({ slot, score }) => ({ id: ram.idAt(slot), score }));
      }),
    count: filter => reading(ram => ram.count(filter)),
    facet: ({ key, filter, limit }) => reading(ram => ram.facet(key, filter, limit)),
    close,
  };

  function known(ram: RamCopy, ids: readonly string[]): number[] {
    return [...new Set(ids)].map(id => ram.slotOf(id)).filter(slot => slot !== undefined);
  }
}

/** The payload with the fields that are wanted alone; itself, which is faster, where it has no others. */
function fieldsOf(payload: Payload, fields: readonly string[]): Payload {
  const own = Object.keys(payload);
  const wanted = own.filter(field => fields.includes(field));
  if (wanted.length === own.length) return payload;
  return Object.fromEntries(wanted.map(field => [field, payload[field]]));
}

const checkLimit = (limit: number): void => {
  if (limit < 1) throw new SemblanceError('index_rejected', 'limit: must be 1 or larger');
};

/** What the file and the RAM copy store of a point. @throws index_rejected for what doesn't fit the schema */
function rowOf(point: Point, schema: CollectionSchema): Omit<StoredRow, 'slot'> & { payload: Payload } {
  if (!isPointId(point.id))
    throw new SemblanceError('index_rejected', `"${point.id}" is not a lower-case UUID`);
  const vectors = Object.entries(point.vectors).map(([name, vector]) => {
    const dimension = schema.vectors[name];
    if (dimension === undefined)
      throw new SemblanceError('index_rejected', `Not existing vector name error: ${name}`);
    return [name, unitOf({ dimension }, vector)] as const;
  });
  const sparse = Object.entries(point.sparse ?? {});
  for (const [name, { indices, values }] of sparse) {
    if (!schema.sparse.includes(name))
      throw new SemblanceError('index_rejected', `Not existing vector name error: ${name}`);
    if (indices.length !== values.length || new Set(indices).size !== indices.length)
      throw new SemblanceError(
        'index_rejected',
        'A sparse vector needs a value for each index, each index once',
      );
  }
  return { id: point.id, payload: point.payload, vectors: new Map(vectors), sparse: new Map(sparse) };
}

/** Top-level keys replaced; those of null or undefined dropped. */
const merged = (payload: Payload, patch: Payload): Payload =>
  Object.fromEntries(
    Object.entries({ ...payload, ...patch }).filter(
      ([key, value]) => !(key in patch) || (value ?? null) !== null,
    ),
  );

const nullsAsMissing = (patch: Payload): Payload =>
  Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, value ?? undefined]));
