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

/**
 * Whether a file or folder of this name is passed over. A bucket's keys may have the segments `.` and `..`, and
 * names with two dots in front, which hide nothing there.
 */
export const isHiddenName = (name: string): boolean => /^\.[^.]/.test(name) || SYSTEM_NAMES.has(name);

/** Whether something on the way to this key, or the file itself, is hidden. */
export const isHiddenKey = (key: string): boolean => key.split('/').some(isHiddenName);

/** Whether a key is in the trash, which is no place of images. */
export const isTrashKey = (key: string): boolean => key.startsWith('_deleted/');

/** Whether the object of a key is never indexed. */
export const isIgnoredKey = (key: string): boolean => isTrashKey(key) || isHiddenKey(key);

/** Order of keys by their UTF-8 bytes, as S3 lists them; UTF-16 differs beyond the basic plane. */
export const compareKeys = (a: string, b: string): number =>
  a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
