import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { SemblanceError } from '../errors.ts';
import { onDisk } from '../file-error.ts';
import { reasonOf } from './download.ts';

/**
 * Runs the work while no other process (or other call in this one) does it for the same folder. The lock is
 * SQLite's on a file: the operating system drops it with the process, so a crash leaves nothing behind.
 * @param onWait called once when another holds it
 */
export async function whileAlone<Value>(
  folder: string,
  options: { readonly onWait: () => void; readonly signal?: AbortSignal | undefined },
  work: () => Promise<Value>,
): Promise<Value> {
  const release = await acquire(join(folder, 'pull.lock'), options);
  try {
    return await work();
  } finally {
    release();
  }
}

async function acquire(
  path: string,
  { onWait, signal }: { readonly onWait: () => void; readonly signal?: AbortSignal | undefined },
): Promise<() => void> {
  const database = await onDisk(path, async () => open(path));
  for (let waited = false; ; ) {
    try {
      database.exec('BEGIN EXCLUSIVE');
      return () => database.close();
    } catch (cause) {
      if (!(cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY'))) {
        database.close();
        throw new SemblanceError('data_read_only', `${path}: ${reasonOf(cause)}`, { cause });
      }
    }
    if (!waited) onWait();
    waited = true;
    await sleep(200, undefined, { signal }).catch((cause: unknown) => {
      database.close();
      throw cause;
    });
  }
}

function open(path: string): Database.Database {
  try {
    return new Database(path, { timeout: 0 });
  } catch (cause) {
    throw new SemblanceError('data_read_only', `${path}: ${reasonOf(cause)}`, { cause });
  }
}
