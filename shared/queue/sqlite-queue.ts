import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { hasCode, SemblanceError } from '../errors.ts';
import { isDamaged, keepAside, mapped, openDatabase } from '../sqlite.ts';
import { MAX_ATTEMPTS, type WorkQueue } from './work-queue.ts';

/**
 * A message is one row. `waiting` rows are unique by key; a key sent while an older message of it is in work
 * gets a waiting row beside it. `delivery` changes with each delivery, so a late receipt means nothing.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'in_work', 'dead')),
    background INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    delivery INTEGER NOT NULL DEFAULT 0,
    visible_at INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS waiting_by_key ON message (key) WHERE state = 'waiting';
  CREATE INDEX IF NOT EXISTS by_turn ON message (state, background, visible_at, id);
  CREATE INDEX IF NOT EXISTS by_key ON message (key);
`;

const deliveredSchema = z.array(
  z.object({ id: z.number(), key: z.string(), attempts: z.number(), delivery: z.number() }),
);
const countsSchema = z.object({ waiting: z.number(), in_work: z.number(), dead: z.number() });
const attemptsSchema = z.object({ key: z.string(), attempts: z.number() }).optional();

/**
 * A WorkQueue in a SQLite file, for any number of processes at once. A damaged file is kept aside and a new
 * one begun: a sweep finds again what waited.
 * @param now ms since 1970, for tests
 */
export function openSqliteQueue(
  file: string,
  now: () => number = Date.now,
): WorkQueue & { close(): Promise<void> } {
  const database = openOrReplace(file);

  const insert = database.prepare(`
    INSERT INTO message (key, state, background, attempts, visible_at)
    VALUES (
      @key, 'waiting', @background,
      -- a message that is in work or was lost with its process may be what kills it
      coalesce((SELECT max(attempts) FROM message WHERE key = @key AND state = 'in_work'), 0),
      @now
    )
    ON CONFLICT (key) WHERE state = 'waiting'
    DO UPDATE SET visible_at = @now, attempts = excluded.attempts, background = min(background, @background)`);
  const dropDead = database.prepare(`DELETE FROM message WHERE key = ? AND state = 'dead'`);
  const expired = database.prepare(`
    SELECT id, key, attempts, delivery FROM message WHERE state = 'in_work' AND visible_at <= ?`);
  const raiseWaiting = database.prepare(`
    UPDATE message SET attempts = max(attempts, @attempts) WHERE key = @key AND state = 'waiting'`);
  const setState = database.prepare(`
    UPDATE message SET state = @state, visible_at = @visible WHERE id = @id`);
  const remove = database.prepare('DELETE FROM message WHERE id = ?');
  const take = database.prepare(`
    UPDATE message
    SET state = 'in_work', attempts = attempts + 1, delivery = delivery + 1, visible_at = @until
    WHERE id IN (
      SELECT id FROM message WHERE state = 'waiting' AND visible_at <= @now
      ORDER BY background, visible_at, id LIMIT @max
    )
    RETURNING id, key, attempts, delivery`);
  const buryExhausted = database.prepare(`
    UPDATE message SET state = 'dead' WHERE state = 'waiting' AND attempts >= ?`);
  const finish = database.prepare(`DELETE FROM message WHERE id = ? AND delivery = ? AND state = 'in_work'`);
  const find = database.prepare(
    `SELECT key, attempts FROM message WHERE id = ? AND delivery = ? AND state = 'in_work'`,
  );
  const count = database.prepare(`
    SELECT
      count(*) FILTER (WHERE state = 'waiting' OR (state = 'in_work' AND visible_at <= @now)) AS waiting,
      count(*) FILTER (WHERE state = 'in_work' AND visible_at > @now) AS in_work,
      count(*) FILTER (WHERE state = 'dead') AS dead
    FROM message`);
  const reviveDead = database.prepare(`
    UPDATE OR REPLACE message SET state = 'waiting', attempts = 0, visible_at = ? WHERE state = 'dead'`);

  /** Back to waiting, or into a message of the same key that waits already. */
  const returnToWaiting = (row: { id: number; key: string; attempts: number }, visible: number) => {
    if (raiseWaiting.run(row).changes > 0) remove.run(row.id);
    else setState.run({ id: row.id, state: 'waiting', visible });
  };

  const transaction = <Arguments extends unknown[], T>(
    work: (...values: Arguments) => T,
  ): ((...values: Arguments) => T) => {
    const whole = database.transaction(work);
    return (...values) => queueErrors(file, () => whole.immediate(...values));
  };

  const send = transaction((keys: readonly string[], background: boolean) => {
    for (const key of keys) {
      dropDead.run(key);
      insert.run({ key, background: background ? 1 : 0, now: now() });
    }
  });

  const receive = transaction((max: number, visibilitySeconds: number) => {
    const time = now();
    for (const row of deliveredSchema.parse(expired.all(time))) returnToWaiting(row, time);
    buryExhausted.run(MAX_ATTEMPTS);
    return deliveredSchema.parse(take.all({ now: time, until: time + visibilitySeconds * 1000, max }));
  });

  const retryLater = transaction((id: number, delivery: number, delaySeconds: number) => {
    const row = attemptsSchema.parse(find.get(id, delivery));
    if (!row) return;
    if (row.attempts >= MAX_ATTEMPTS) setState.run({ id, state: 'dead', visible: 0 });
    else returnToWaiting({ id, ...row }, now() + delaySeconds * 1000);
  });

  /** What is sent must survive the loss of power; a lost receipt only brings the message once more. */
  const durably = (work: () => void) => {
    database.pragma('synchronous = FULL');
    try {
      work();
    } finally {
      database.pragma('synchronous = NORMAL');
    }
  };

  return {
    async send(keys, options) {
      durably(() => send([...new Set(keys)], options?.background ?? false));
    },
    async receive(max, visibilitySeconds) {
      return receive(max, visibilitySeconds).map(row => ({
        key: row.key,
        receipt: `${row.id}:${row.delivery}`,
        attempts: row.attempts,
      }));
    },
    async done(receipt) {
      queueErrors(file, () => finish.run(...parseReceipt(receipt)));
    },
    async retryLater(receipt, delaySeconds) {
      retryLater(...parseReceipt(receipt), delaySeconds);
    },
    async counts() {
      const counts = countsSchema.parse(queueErrors(file, () => count.get({ now: now() })));
      return { waiting: counts.waiting, inWork: counts.in_work, dead: counts.dead };
    },
    async redrive() {
      return queueErrors(file, () => reviveDead.run(now()).changes);
    },
    async close() {
      database.close();
    },
  };
}

function parseReceipt(receipt: string): [number, number] {
  const [id, delivery] = receipt.split(':').map(Number);
  return [id ?? 0, delivery ?? 0];
}

function openOrReplace(file: string): Database {
  try {
    return openWithSchema(file);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    keepAside(file);
    return openWithSchema(file);
  }
}

function openWithSchema(file: string): Database {
  return queueErrors(file, () => {
    const database = openDatabase(file);
    try {
      database.exec(SCHEMA);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** A locked file is the queue's trouble here, not the index's. */
function queueErrors<T>(file: string, work: () => T): T {
  try {
    return mapped(file, work);
  } catch (error) {
    if (hasCode(error, 'index_unavailable'))
      throw new SemblanceError('queue_unavailable', error.message, { cause: error });
    throw error;
  }
}
