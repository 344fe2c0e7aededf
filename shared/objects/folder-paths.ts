import type { BigIntStats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isAbsent, systemCode, unlessAbsent } from '../file-error.ts';
import type { Log } from '../log.ts';
import { compareKeys, isHiddenName } from './keys.ts';

/**
 * How keys and the files of a folder correspond. Names are compared in NFC, so a file that macOS or an
 * archive named in NFD has its NFC key. Hidden names have none. A link to a folder is followed where it
 * leads out of the tree, and only one on a path: the tree's own folders have their keys already, and no loop
 * can be made of one link that leads neither into the tree nor above it.
 */
export type FolderTree = {
  /** Real path of the root. */
  readonly root: string;
  /** Real path of a folder inside the root that has no keys (the product's own data), if there is one. */
  readonly excluded?: string | undefined;
  readonly log?: Log | undefined;
};

export type FoundFile = { readonly path: string; readonly stats: BigIntStats };

/** Whether a path is a folder or something in it; both absolute. */
export const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

/** The file that a key names, or null. Errors of the file system other than absence pass through. */
export async function findFile(tree: FolderTree, key: string): Promise<FoundFile | null> {
  const segments = key.split('/');
  if (segments.some(isHiddenName)) return null;
  let place: Place = { path: tree.root, linked: false };
  for (const [position, segment] of segments.entries()) {
    const path = await findEntry(place.path, segment);
    if (path === null) return null;
    if (position === segments.length - 1) {
      const stats = await unlessAbsent(stat(path, { bigint: true }));
      return stats?.isFile() ? { path, stats } : null;
    }
    const next = await enter(tree, place, path);
    if (next === null) return null;
    place = next;
  }
  return null;
}

/** Every file under the prefix, ascending by UTF-8 bytes of its key. */
export async function* listFiles(
  tree: FolderTree,
  prefix: string,
): AsyncGenerator<FoundFile & { key: string }> {
  const folders = prefix.split('/').slice(0, -1);
  if (folders.some(isHiddenName)) return;
  let place: Place | null = { path: tree.root, linked: false };
  for (const segment of folders) {
    const path: string | null = await findEntry(place.path, segment);
    place = path === null ? null : await enter(tree, place, path);
    if (place === null) return;
  }
  yield* walk(tree, place, folders.map(segment => `${segment}/`).join(''), prefix);
}

async function* walk(
  tree: FolderTree,
  place: Place,
  folderKey: string,
  prefix: string,
): AsyncGenerator<FoundFile & { key: string }> {
  const names = await readNames(tree, place.path, folderKey === '');
  const entries: { key: string; path: string; stats: BigIntStats }[] = [];
  for (let start = 0; start < names.length; start += STATS_AT_ONCE) {
    const looked = await Promise.all(
      names.slice(start, start + STATS_AT_ONCE).map(async ([name, fileName]) => {
        const path = join(place.path, fileName);
        const stats = await unlessAbsent(stat(path, { bigint: true }));
        // a folder's key ends with '/', by which its files sort among their neighbours
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

/** NFC names of a folder and the names on disk; the NFC one wins where both forms exist. */
async function readNames(tree: FolderTree, folder: string, isRoot: boolean): Promise<[string, string][]> {
  try {
    const names = new Map<string, string>();
    for (const fileName of await readdir(folder)) {
      const name = fileName.normalize('NFC');
      if (!isHiddenName(name) && (name === fileName || !names.has(name))) names.set(name, fileName);
    }
    return [...names];
  } catch (error) {
    if (isAbsent(error) && !isRoot) return [];
    if (isRoot || !['EACCES', 'EPERM'].includes(systemCode(error))) throw error;
    // one closed folder does not hide the others; its images are not "gone": a look at their keys is denied
    tree.log?.warn('A folder may not be read; it is passed over', { folder });
    return [];
  }
}

/** Path of the entry with this NFC name in a folder, or null. */
async function findEntry(folder: string, name: string): Promise<string | null> {
  const path = join(folder, name);
  if (await unlessAbsent(lstat(path))) return path;
  if (isAscii(name)) return null;
  const names = await unlessAbsent(readdir(folder));
  const fileName = names?.find(candidate => candidate.normalize('NFC') === name);
  return fileName === undefined ? null : join(folder, fileName);
}

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

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
