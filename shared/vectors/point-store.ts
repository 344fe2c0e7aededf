import type Database from 'better-sqlite3';
import { z } from 'zod';
import { openDatabase } from '../sqlite.ts';
import { createTables, vectorTables } from './point-tables.ts';
import {
  damaged,
  decodeDense,
  decodeSparse,
  encodeDense,
  encodeSparse,
  parsePayload,
} from './stored-values.ts';
import type { CollectionSchema, Payload, SparseVector } from './vector-index.ts';

/**
 * The durable half of the embedded index: one SQLite file. A point's row number is its slot in the RAM copy.
 * Each write transaction has the next version, which its rows carry; so another process reads what changed
 * since the version it knows. A deleted point leaves a row without payload, until many have gathered.
 *
 * Vectors lie in tables of their own, so that a payload write rewrites no vector.
 */
export interface PointStore {
  /** Version of the last write of any process; read in a few µs. */
  version(): number;
  /** The last slot that was given; 0 where none was. */
  lastSlot(): number;
  /** Some thousand points of slots above this one, ascending; [] at the end. */
  pointsAfter(slot: number): StoredRow[];
  /**
   * What was written after a version, and not after another, oldest first, read as it is taken; undefined where that
   * is no longer known.
   */
  changesSince(version: number, until?: number): Iterable<StoredRow> | undefined;
  /** The version of the write with which so many rows were written since another; undefined where fewer were. */
  versionAfter(version: number, rows: number): number | undefined;
  payload(slot: number): Payload | undefined;
  /** A dense vector by its name, Float32Array[dimension]; undefined where the slot has none. */
  vector(name: string, slot: number): Float32Array | undefined;
  /** Runs reads on one state of the file. */
  read<T>(work: () => T): T;
  /** Begins a transaction, hands out its version, and is durable when it returns. */
  write<T>(work: (version: number) => T): T;
  /** The slot. Only within `write`, as the next two. */
  putPoint(version: number, row: Omit<StoredRow, 'slot'>): number;
  putPayload(version: number, slot: number, payload: Payload): void;
  deletePoint(version: number, slot: number): void;
  /** Stamp of the RAM image that was made of this file; undefined where none was. */
  imageStamp(): string | undefined;
  /** Durable when it returns. */
  setImageStamp(stamp: string): void;
  /** Reads the whole file. @throws SqliteError where it is damaged */
  check(): void;
  close(): void;
}

export type StoredRow = {
  readonly slot: number;
  readonly id: string;
  /** null: the point is deleted. */
  readonly payload: Payload | null;
  readonly vectors: ReadonlyMap<string, Float32Array>;
  readonly sparse: ReadonlyMap<string, SparseVector>;
};

/** Rows of 512 floats fill 7/8 of such a page, but half of one of 4096 bytes. */
const PAGE_BYTES = 16_384;
const STEP = 500;
/** Deleted rows kept for other processes; then the older half goes. */
const TOMBSTONES = 100_000;

/**
 * Opens or creates the file.
 * @throws what `openDatabase` throws; index_rejected for a file of another model's vectors, a newer format or another
 * program; SqliteError where it is damaged
 */
export function openPointStore(file: string, schema: CollectionSchema, tombstones = TOMBSTONES): PointStore {
  const db = openDatabase(file, PAGE_BYTES);
  try {
    createTables(db, file, schema);
    return pointStore(db, schema, tombstones);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Rows of our own tables, whose types SQLite keeps; a schema check of each would double the time of opening. */
type PointRow = { slot: number; id: string; payload: string | null };
type VectorRow = { slot: number; data: Uint8Array };
const stateRow = z.object({ version: z.number(), forgotten: z.number() });

function pointStore(db: Database.Database, schema: CollectionSchema, tombstones: number): PointStore {
  const state = db.prepare('SELECT version, forgotten FROM state');
  const readVersion = db.prepare('SELECT version FROM state').pluck();
  const nextVersion = db.prepare('UPDATE state SET version = version + 1 RETURNING version').pluck();
  const pointsFrom = db.prepare<[number, number], PointRow>(
    'SELECT slot, id, payload FROM points WHERE slot > ? AND payload IS NOT NULL ORDER BY slot LIMIT ?',
  );
  const readLastSlot = db.prepare('SELECT max(slot) FROM points').pluck();
  const slotsSince = db
    .prepare<[number, number], number>(
      'SELECT slot FROM points WHERE version > ? AND version <= ? ORDER BY version',
    )
    .pluck();
  const versionAfter = db
    .prepare('SELECT version FROM points WHERE version > ? ORDER BY version LIMIT 1 OFFSET ?')
    .pluck();
  const pointAt = db.prepare<[number], PointRow>('SELECT slot, id, payload FROM points WHERE slot = ?');
  const readPayload = db.prepare('SELECT payload FROM points WHERE slot = ?').pluck();
  const putPoint = db
    .prepare(
      `INSERT INTO points (id, version, payload) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET version = excluded.version, payload = excluded.payload RETURNING slot`,
    )
    .pluck();
  const putPayload = db.prepare('UPDATE points SET version = ?, payload = ? WHERE slot = ?');
  const countDeleted = db.prepare('SELECT count(*) FROM points WHERE payload IS NULL').pluck();
  const middleDeleted = db
    .prepare('SELECT version FROM points WHERE payload IS NULL ORDER BY version LIMIT 1 OFFSET ?')
    .pluck();
  const forgetDeleted = db.prepare('DELETE FROM points WHERE payload IS NULL AND version <= ?');
  const setForgotten = db.prepare('UPDATE state SET forgotten = ?');
  const begin = db.prepare('BEGIN');
  const rollback = db.prepare('ROLLBACK');
  const readStamp = db.prepare('SELECT stamp FROM image').pluck();
  const deleteStamp = db.prepare('DELETE FROM image');
  const putStamp = db.prepare('INSERT INTO image VALUES (?)');
  const vectors = vectorTables(schema).map(({ table, ...rest }) => ({
    ...rest,
    range: db.prepare<[number, number], VectorRow>(
      `SELECT slot, data FROM ${table} WHERE slot BETWEEN ? AND ?`,
    ),
    at: db.prepare<[number], Uint8Array>(`SELECT data FROM ${table} WHERE slot = ?`).pluck(),
    put: db.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?)`),
    remove: db.prepare(`DELETE FROM ${table} WHERE slot = ?`),
  }));

  const vectorsByName = new Map(vectors.map(vector => [vector.name, vector]));

  /** Rows of points, in any order, with the vectors between their lowest and highest slot. */
  const complete = (raw: readonly PointRow[], first: number, last: number): StoredRow[] => {
    const rows = raw.map(({ slot, id, payload }) => ({
      slot,
      id,
      payload: payload === null ? null : parsePayload(payload),
      vectors: new Map<string, Float32Array>(),
      sparse: new Map<string, SparseVector>(),
    }));
    const bySlot = new Map(rows.map(row => [row.slot, row]));
    for (const { name, dimension, range } of vectors) {
      for (const { slot, data } of range.all(first, last)) {
        const point = bySlot.get(slot);
        if (!point) continue;
        if (dimension === undefined) point.sparse.set(name, decodeSparse(data));
        else point.vectors.set(name, decodeDense(data, dimension));
      }
    }
    return rows;
  };

  function* rowsAt(slots: readonly number[]): Generator<StoredRow> {
    for (const slot of slots) yield* complete(pointAt.all(slot), slot, slot);
  }

  const forgetSome = (): void => {
    const count = z.number().parse(countDeleted.get());
    if (count <= tombstones) return;
    const until = z.number().parse(middleDeleted.get(Math.floor(count / 2)));
    forgetDeleted.run(until);
    setForgotten.run(until);
  };

  let deletions = 0;

  return {
    version: () => z.number().parse(readVersion.get()),
    lastSlot: () => z.number().nullable().parse(readLastSlot.get()) ?? 0,
    pointsAfter(slot) {
      const raw = pointsFrom.all(slot, STEP);
      return complete(raw, slot + 1, raw.at(-1)?.slot ?? slot);
    },
    changesSince(version, until = Number.MAX_SAFE_INTEGER) {
      if (version < stateRow.parse(state.get()).forgotten) return undefined;
      return rowsAt(slotsSince.all(version, until));
    },
    versionAfter: (version, rows) =>
      z
        .number()
        .optional()
        .parse(versionAfter.get(version, rows - 1)),
    payload(slot) {
      const text = readPayload.get(slot);
      return typeof text === 'string' ? parsePayload(text) : undefined;
    },
    vector(name, slot) {
      const { at, dimension } = vectorsByName.get(name) ?? {};
      const data = at?.get(slot);
      return data && dimension !== undefined ? decodeDense(data, dimension) : undefined;
    },
    read(work) {
      if (db.inTransaction) return work();
      begin.run();
      try {
        return work();
      } finally {
        // Nothing was written, so there is nothing to keep or undo.
        if (db.inTransaction) rollback.run();
      }
    },
    write: work => db.transaction(() => work(z.number().parse(nextVersion.get()))).immediate(),
    putPoint(version, row) {
      const slot = z.number().parse(putPoint.get(row.id, version, JSON.stringify(row.payload)));
      for (const { name, put, remove } of vectors) {
        const data = row.vectors.get(name) ?? row.sparse.get(name);
        if (!data) remove.run(slot);
        else put.run(slot, data instanceof Float32Array ? encodeDense(data) : encodeSparse(data));
      }
      return slot;
    },
    putPayload: (version, slot, payload) => putPayload.run(version, JSON.stringify(payload), slot),
    deletePoint(version, slot) {
      putPayload.run(version, null, slot);
      for (const { remove } of vectors) remove.run(slot);
      if (++deletions % 1000 === 0) forgetSome();
    },
    imageStamp: () => z.string().optional().parse(readStamp.get()),
    setImageStamp: db.transaction(stamp => {
      deleteStamp.run();
      putStamp.run(stamp);
    }),
    check() {
      if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw damaged(`${db.name} is damaged`);
    },
    close: () => db.close(),
  };
}
