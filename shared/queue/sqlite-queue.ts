import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { hasCode, SemblanceError } from '../errors.ts';
import { systemCode } from '../file-error.ts';
import { isDamaged, keepAside, mapped, openDatabase } from '../sqlite.ts';
import { TURNS, type Turn, type WorkQueue } from './work-queue.ts';

/** This process; another that has the same number after a restart has another name. */
const HOLDER = `${process.pid} ${randomUUID()}`;

/**
 * A message is one row. `waiting` rows are unique by key; a key sent while an older message of it is in work
 * gets a waiting row beside it. `holder` is the process that has it. `delivery` changes with each delivery, so a
 * late receipt means nothing. The table of an older version goes: a sweep finds again what waited in it.
 */
const SCHEMA = `
  DROP TABLE IF EXISTS message;
  CREATE TABLE IF NOT EXISTS work (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'in_work')),
    turn INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    suspect INTEGER NOT NULL,
    again INTEGER NOT NULL,
    holder TEXT,
    delivery INTEGER NOT NULL DEFAULT 0,
    visible_at INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS waiting_by_key ON work (key) WHERE state = 'waiting';
  CREATE INDEX IF NOT EXISTS by_turn ON work (state, suspect, turn, visible_at, id);
  CREATE INDEX IF NOT EXISTS by_key ON work (key);
`;

const rowSchema = z.object({
  id: z.number(),
  key: z.string(),
  failures: z.number(),
  suspect: z.number(),
  again: z.number(),
});
/** The columns of rowSchema. */
const ROW = 'id, key, failures, suspect, again';

/** Values of the column `turn`. */
const REMOVAL = TURNS.indexOf('removal');
const WORDS = TURNS.indexOf('words');
type Row = z.infer<typeof rowSchema>;
const deliveredSchema = z.array(rowSchema.extend({ delivery: z.number(), turn: z.number() }));
const countsSchema = z.object({ waiting: z.number(), words: z.number(), in_work: z.number() });

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
    INSERT INTO work (key, state, turn, failures, suspect, again, visible_at)
    VALUES (@key, 'waiting', @turn, 0, 0, @again, @now)
    ON CONFLICT (key) WHERE state = 'waiting' DO UPDATE SET
      visible_at = @now, failures = 0, turn = min(turn, @turn), again = max(again, @again)`);
  const expired = database.prepare(`
    SELECT ${ROW} FROM work WHERE state = 'in_work' AND visible_at <= ?`);
  const holders = database.prepare(`SELECT DISTINCT holder FROM work WHERE state = 'in_work'`).pluck();
  const heldBy = database.prepare(`
    SELECT ${ROW} FROM work WHERE state = 'in_work' AND holder = ?`);
  const mergeIntoWaiting = database.prepare(`
    UPDATE work SET
      failures = max(failures, @failures), suspect = max(suspect, @suspect), again = max(again, @again)
    WHERE key = @key AND state = 'waiting'`);
  const setWaiting = database.prepare(`
    UPDATE work SET state = 'waiting', failures = @failures, suspect = @suspect, visible_at = @visible
    WHERE id = @id`);
  const remove = database.prepare('DELETE FROM work WHERE id = ?');
  const take = database.prepare(`
    UPDATE work
    SET state = 'in_work', holder = '${HOLDER}', delivery = delivery + 1, visible_at = @until
    WHERE id IN (
      SELECT id FROM work
      WHERE state = 'waiting' AND suspect = @suspect AND visible_at <= @now
        AND (turn <> ${REMOVAL} OR NOT EXISTS (
          SELECT 1 FROM work
          WHERE state IN ('waiting', 'in_work') AND suspect IN (0, 1) AND turn < ${REMOVAL}
            AND (visible_at <= @now) = (state = 'waiting')))
      ORDER BY turn, visible_at, id LIMIT @max
    )
    RETURNING ${ROW}, delivery, turn`);
  const finish = database.prepare(`DELETE FROM work WHERE id = ? AND delivery = ? AND state = 'in_work'`);
  const find = database.prepare(`
    SELECT ${ROW} FROM work WHERE id = ? AND delivery = ? AND state = 'in_work'`);
  const count = database.prepare(`
    SELECT
      count(*) FILTER (WHERE state = 'waiting' OR visible_at <= @now) AS waiting,
      count(*) FILTER (WHERE turn = ${WORDS} AND (state = 'waiting' OR visible_at <= @now)) AS words,
      count(*) FILTER (WHERE state = 'in_work' AND visible_at > @now) AS in_work
    FROM work`);

  /** Back to waiting, or into a message of the same key that waits already. */
  const returnToWaiting = (row: Row, visible: number) => {
    if (mergeIntoWaiting.run(row).changes > 0) remove.run(row.id);
    else setWaiting.run({ ...row, visible });
  };

  const transaction = <Arguments extends unknown[], T>(
    work: (...values: Arguments) => T,
  ): ((...values: Arguments) => T) => {
    const whole = database.transaction(work);
    return (...values) => queueErrors(file, () => whole.immediate(...values));
  };

  /** What was in work in a process that is gone; what it died of may be among it. */
  const releaseLost = transaction(() => {
    for (const holder of z.array(z.string()).parse(holders.all()).filter(isGone))
      for (const row of z.array(rowSchema).parse(heldBy.all(holder)))
        returnToWaiting({ ...row, suspect: 1 }, now());
  });

  const send = transaction((keys: readonly string[], turn: Turn, again: boolean) => {
    for (const key of keys) insert.run({ key, turn: TURNS.indexOf(turn), again: again ? 1 : 0, now: now() });
  });

  const receive = transaction((max: number, visibilitySeconds: number) => {
    const time = now();
    for (const row of z.array(rowSchema).parse(expired.all(time)))
      returnToWaiting({ ...row, suspect: 1 }, time);
    const turn = { now: time, until: time + visibilitySeconds * 1000 };
    const suspects = deliveredSchema.parse(take.all({ ...turn, suspect: 1, max: Math.min(max, 1) }));
    return suspects.length > 0 ? suspects : deliveredSchema.parse(take.all({ ...turn, suspect: 0, max }));
  });

  const putBack = transaction((receipt: string, delaySeconds: number, change: (row: Row) => Partial<Row>) => {
    const row = rowSchema.optional().parse(find.get(...parseReceipt(receipt)));
    if (row) returnToWaiting({ ...row, ...change(row) }, now() + delaySeconds * 1000);
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

  releaseLost();
  return {
    async send(keys, { turn = 'event', again = false } = {}) {
      durably(() => send([...new Set(keys)], turn, again));
    },
    async receive(max, visibilitySeconds) {
      return receive(max, visibilitySeconds).map(({ id, delivery, key, failures, suspect, turn, again }) => ({
        key,
        receipt: `${id}:${delivery}`,
        failures,
        suspect: suspect === 1,
        words: turn === WORDS,
        again: again === 1,
      }));
    },
    async done(receipt) {
      queueErrors(file, () => finish.run(...parseReceipt(receipt)));
    },
    async retryLater(receipt, delaySeconds) {
      putBack(receipt, delaySeconds, ({ failures }) => ({ failures: failures + 1, suspect: 0 }));
    },
    async giveBack(receipt, delaySeconds) {
      putBack(receipt, delaySeconds, () => ({}));
    },
    async counts() {
      const counts = countsSchema.parse(queueErrors(file, () => count.get({ now: now() })));
      const { waiting, words, in_work: inWork } = counts;
      return { waiting, words, inWork, dead: 0 };
    },
    async redrive() {
      return 0;
    },
    async close() {
      database.close();
    },
  };
}

/** Whether no process has this name any more. */
function isGone(holder: string): boolean {
  if (holder === HOLDER) return false;
  const pid = Number(holder.split(' ')[0]);
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return systemCode(error) === 'ESRCH';
  }
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
