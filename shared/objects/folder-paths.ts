import { isUtf8 } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SemblanceError } from '../errors.ts';
import { isAbsent, systemCode, unlessAbsent } from '../file-error.ts';
import { compareKeys, isHiddenKey, isHiddenName } from './keys.ts';
import type { Unlisted } from './object-store.ts';

/**
 * How keys and the files of a folder correspond. A file's key is its name exactly, so names that differ only in
 * Unicode normal form are two. Hidden names have none, nor has a name that is no UTF-8. A link to a folder is
 * followed where it leads out of the tree, and only one on a path: the tree's own folders have their keys
 * already, and no loop can be made of one link that leads neither into the tree nor above it.
 */
export type FolderTree = {
  /** Real path of the root. */
  readonly root: string;
  /** Real path of a folder inside the root that has no keys (the product's own data), if there is one. */
  readonly excluded?: string | undefined;
};

export type FoundFile = { readonly path: string; readonly stats: BigIntStats };

/** Whether a path is a folder or something in it; both absolute. */
export const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** Whether a key can name a file: on Windows not what its paths would read as a separator, a drive or a stream. */
export const isFileKey = (key: string): boolean =>
  !key.includes('\0') &&
  !(sep === '\\' && /[\\:]/.test(key)) &&
  key.split('/').every(segment => segment !== '' && segment !== '.' && segment !== '..');

/** The file that a key names, or null. Errors of the file system other than absence pass through. */
export async function findFile(tree: FolderTree, key: string): Promise<FoundFile | null> {
  if (!isFileKey(key) || isHiddenKey(key)) return null;
  const segments = key.split('/');
  const name = segments.pop() ?? '';
  let place: Place | null = { path: tree.root, linked: false };
  for (const segment of segments) {
    const path: string = join(place.path, segment);
    place = (await isNamed(place.path, segment)) ? await enter(tree, place, path) : null;
    if (place === null) return null;
  }
  const path = join(place.path, name);
  const stats = await unlessAbsent(stat(path, { bigint: true }));
  return stats?.isFile() && (await isNamed(place.path, name)) ? { path, stats } : null;
}

/** Told of what is there and has no key. */
export type OnUnlisted = (found: Unlisted) => void;

/** Every file under the prefix, ascending by UTF-8 bytes of its key. */
export async function* listFiles(
  tree: FolderTree,
  prefix: string,
  unlisted: OnUnlisted = () => {},
): AsyncGenerator<FoundFile & { key: string }> {
  const folders = prefix.split('/').slice(0, -1);
  if (folders.length > 0 && (!isFileKey(folders.join('/')) || folders.some(isHiddenName))) return;
  let place: Place | null = { path: tree.root, linked: false };
  for (const segment of folders) {
    const path: string = join(place.path, segment);
    place = (await isNamed(place.path, segment)) ? await enter(tree, place, path) : null;
    if (place === null) return;
  }
  yield* walk({ ...tree, unlisted }, place, folders.map(segment => `${segment}/`).join(''), prefix);
}

type Walk = FolderTree & { readonly unlisted: OnUnlisted };

async function* walk(
  tree: Walk,
  place: Place,
  folderKey: string,
  prefix: string,
): AsyncGenerator<FoundFile & { key: string }> {
  const names = await readNames(tree, place.path, folderKey);
  const entries: { key: string; path: string; stats: BigIntStats }[] = [];
  for (let start = 0; start < names.length; start += STATS_AT_ONCE) {
    const looked = await Promise.all(
      names.slice(start, start + STATS_AT_ONCE).map(async name => {
        const path = join(place.path, name);
        const stats = await unlessAbsent(stat(path, { bigint: true }));
        // A folder sorts by its name with '/', as the keys of its files do.
        return stats && { key: folderKey + name + (stats.isDirectory() ? '/' : ''), path, stats };
      }),
    );
    for (const entry of looked) if (entry) entries.push(entry);
  }
  entries.sort((a, b) => compareKeys(a.key, b.key));
  for (const entry of entries) {
    if (entry.stats.isDirectory()) {
      if (!entry.key.startsWith(prefix) && !prefix.startsWith(entry.key)) continue;
      const inner = await enter(tree, place, entry.path);
      if (inner) yield* walk(tree, inner, entry.key, prefix);
    } else if (entry.stats.isFile() && entry.key.startsWith(prefix)) yield entry;
  }
}

const STATS_AT_ONCE = 64;

/** Names in a folder; those that are no text, and folders that may not be opened, are reported. */
async function readNames(tree: Walk, folder: string, folderKey: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { encoding: 'buffer', withFileTypes: true });
    return entries.flatMap(entry => {
      const name = entry.name.toString('utf8');
      if (isHiddenName(name)) return [];
      if (Buffer.from(name, 'utf8').equals(entry.name)) return [name];
      tree.unlisted(notUtf8(folderKey, entry.name, entry.isDirectory()));
      return [];
    });
  } catch (error) {
    const isRoot = folderKey === '';
    if (isAbsent(error) && !isRoot) return [];
    if (isRoot || !['EACCES', 'EPERM'].includes(systemCode(error))) throw error;
    // A folder that may not be opened does not hide the others. Its images are not "gone": reading their keys is denied.
    const reason = `The folder ${folderKey} may not be opened; what is in it is not indexed`;
    tree.unlisted({ key: folderKey, reason: new SemblanceError('folder_denied', reason, { cause: error }) });
    return [];
  }
}

function notUtf8(folderKey: string, name: Buffer, isFolder: boolean): Unlisted {
  const key = folderKey + printable(name) + (isFolder ? '/' : '');
  const what = isFolder ? 'nothing in this folder is indexed' : 'this file is not indexed';
  const message = `${printable(name)} is not valid UTF-8, so ${what}`;
  return { key, reason: new SemblanceError('name_not_utf8', message) };
}

/** A file name with each byte that belongs to no UTF-8 character as `\xHH`. */
function printable(name: Buffer): string {
  let text = '';
  for (let at = 0; at < name.length; ) {
    const length = [1, 2, 3, 4].find(
      size => isUtf8(name.subarray(at, at + size)) && at + size <= name.length,
    );
    text += length
      ? name.subarray(at, at + length).toString('utf8')
      : `\\x${name.subarray(at, at + 1).toString('hex')}`;
    at += length ?? 1;
  }
  return text;
}

/**
 * Whether a folder has an entry of exactly this name. Only macOS finds one by the same name in another Unicode
 * normal form, and says so in no other way.
 */
async function isNamed(folder: string, name: string): Promise<boolean> {
  if (process.platform !== 'darwin' || Buffer.byteLength(name) === name.length) return true;
  const names = await unlessAbsent(readdir(folder));
  return names?.includes(name) ?? false;
}

type Place = { readonly path: string; readonly linked: boolean };

/** The folder at `path`, or null where it isn't one or is a link that is not followed. */
async function enter(tree: FolderTree, from: Place, path: string): Promise<Place | null> {
  if (path === tree.excluded) return null;
  const stats = await unlessAbsent(lstat(path));
  if (stats?.isDirectory()) return { path, linked: from.linked };
  if (!stats?.isSymbolicLink() || from.linked) return null;
  const target = await unlessAbsent(realpath(path));
  if (target === null || isInside(target, tree.root) || isInside(tree.root, target)) return null;
  if (tree.excluded !== undefined && isInside(target, tree.excluded)) return null;
  return { path: target, linked: true };
}
