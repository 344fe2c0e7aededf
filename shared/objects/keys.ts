import { sep } from 'node:path';
import { SemblanceError } from '../errors.ts';

/**
 * What is wrong with a key, or null: see object-store.ts. On Windows also what its paths would read as a
 * separator, a drive or a stream.
 */
export const keyFault = (key: string): string | null =>
  key === ''
    ? 'is empty'
    : key !== key.normalize('NFC')
      ? 'is not in Unicode normal form C'
      : key.includes('\0')
        ? 'has a NUL character'
        : sep === '\\' && /[\\:]/.test(key)
          ? 'has a character that Windows paths give a meaning to'
          : key.split('/').some(segment => segment === '' || segment === '.' || segment === '..')
            ? "has an empty, '.' or '..' segment"
            : null;

/** @throws invalid_request */
export function assertKey(key: string): void {
  const fault = keyFault(key);
  if (fault) throw new SemblanceError('invalid_request', `The key ${JSON.stringify(key)} ${fault}`);
}

/** What operating systems and NAS boxes leave in folders, beside what is hidden by its dot. */
const SYSTEM_NAMES = new Set([
  '$RECYCLE.BIN',
  '@eaDir',
  'Thumbs.db',
  'System Volume Information',
  '__MACOSX',
  'desktop.ini',
  'lost+found',
]);

/** Whether a file or folder of this name is passed over. */
export const isHiddenName = (name: string): boolean => name.startsWith('.') || SYSTEM_NAMES.has(name);

/** Whether a key is never indexed: hidden files and folders, and what was deleted. */
export const isIgnoredKey = (key: string): boolean =>
  key.startsWith('_deleted/') || key.split('/').some(isHiddenName);

/** Order of keys by their UTF-8 bytes, as S3 lists them; UTF-16 differs beyond the basic plane. */
export const compareKeys = (a: string, b: string): number =>
  a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
