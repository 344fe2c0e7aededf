import { SemblanceError } from './errors.ts';

/** The system's name of an error, such as ENOENT or SQLITE_BUSY; '' where it has none. */
export const systemCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Whether an error of the file system says that there is nothing of that name. */
export const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EISDIR'].includes(systemCode(error));

/** Null where there is nothing of that name. */
export async function unlessAbsent<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/**
 * An error of the file system, or of SQLite on it, in the product's terms: disk_full, or `denied` where it may
 * not be touched.
 * @param what path or key
 * @returns null for any other
 */
export function fileError(
  cause: unknown,
  what: string,
  denied: 'data_read_only' | 'store_denied' = 'data_read_only',
): SemblanceError | null {
  const code = systemCode(cause);
  if (/^(ENOSPC|EDQUOT|SQLITE_FULL)/.test(code))
    return new SemblanceError('disk_full', `No space left to write ${what}`, { cause });
  if (!/^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|SQLITE_(READONLY|CANTOPEN|PERM))/.test(code)) return null;
  const rejected = denied === 'store_denied' ? 'read' : 'written';
  return new SemblanceError(denied, `${what} can't be ${rejected} (${code})`, { cause });
}

/** Runs what writes to a place. @throws disk_full, data_read_only, and other errors as they are */
export async function onDisk<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    // `mkdir` with parents gives this error for a read-only disk too: Node looks for the parent and loses EROFS.
    if (systemCode(cause) === 'ENOENT')
      throw new SemblanceError('data_read_only', `${place} can't be made`, { cause });
    throw fileError(cause, place) ?? cause;
  }
}
