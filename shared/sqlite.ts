import { accessSync, constants, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { SemblanceError } from './errors.ts';
import { fileError, systemCode } from './file-error.ts';

/**
 * Opens a SQLite file for one of the embedded adapters, its folder made where missing, so that what was
 * committed survives `kill -9` and power loss, and two processes can work on it at once.
 *
 * WAL: readers never wait for the writer. `synchronous = FULL`: each commit waits for its fsync; NORMAL would
 * survive a killed process but may lose the last commits with the power. `fullfsync` is macOS's real fsync. A cache of
 * 4 MB has the inner pages of a file of gigabytes; better-sqlite3 would let it grow to 16 MB.
 * @param pageBytes of a new file; rows over half a page waste what is left of it
 * @throws data_read_only, disk_full, index_unavailable (another process holds the lock for 5 s), and
 * `SqliteError`s that only the caller can judge, such as SQLITE_NOTADB
 */
export function openDatabase(file: string, pageBytes = 4096): Database.Database {
  return mapped(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    accessSync(dirname(file), constants.W_OK);
    const database = new Database(file, { timeout: 5000 });
    try {
      database.pragma(`page_size = ${pageBytes}`);
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      database.pragma('fullfsync = ON');
      database.pragma('journal_size_limit = 67108864');
      database.pragma('cache_size = -4096');
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Runs what touches a SQLite file and names its errors; those without a name of ours pass as they are. */
export function mapped<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw nameError(file, error);
  }
}

/** Whether a file is damaged or no database at all, so that only a fresh one helps. */
export const isDamaged = (error: unknown): boolean => /^SQLITE_(CORRUPT|NOTADB)/.test(systemCode(error));

/**
 * Renames a damaged file out of the way, its log too, which would else be replayed into the file that comes
 * after it. Returns its new name.
 */
export function keepAside(file: string): string {
  let number = 1;
  while (existsSync(`${file}.damaged-${number}`)) number++;
  const aside = `${file}.damaged-${number}`;
  return mapped(file, () => {
    for (const suffix of ['', '-wal', '-shm'])
      if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    return aside;
  });
}

function nameError(file: string, cause: unknown): unknown {
  const code = systemCode(cause);
  if (/^SQLITE_(BUSY|LOCKED|IOERR)/.test(code))
    return new SemblanceError('index_unavailable', `${file}: ${messageOf(cause)} (${code})`, { cause });
  return fileError(cause, file) ?? cause;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
