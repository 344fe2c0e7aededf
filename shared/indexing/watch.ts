import { lstat, readdir, realpath } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { z } from 'zod';
import { systemCode, unlessAbsent } from '../file-error.ts';
import type { Log } from '../log.ts';
import { isHiddenKey } from '../objects/keys.ts';
import { type Gatherer, gatherer } from './gatherer.ts';
import { followedLinks } from './watched-links.ts';

export type WatchOptions = {
  /** Real path of the folder. */
  readonly folder: string;
  /** A folder inside it that is not watched. */
  readonly exclude?: string;
  /**
   * Given the keys of files that were added or changed, or of files that were removed; renaming is one of each, and
   * the removed name comes last.
   */
  readonly send: (keys: readonly string[], what: 'changed' | 'removed') => Promise<void>;
  /** Called where something changed that has no key, such as a file whose name is no UTF-8: a sweep lists it. */
  readonly unnamed?: () => void;
  readonly log: Log;
  /** Ends the wait: the first look at a large folder takes minutes. */
  readonly signal?: AbortSignal;
};

export type Watcher = { close(): Promise<void> };

/** A file is taken up when its size has not changed for so long, so that a copy under way isn't read half. */
const SETTLED_AFTER = { stabilityThreshold: 500, pollInterval: 100 };
/** ms in which keys are gathered before they are sent together. */
const GATHER = 100;
/**
 * ms without any change before removed files are reported: what is renamed is removed at once, and added once it is
 * found settled. A folder that changes all the time is reported after the longer time.
 */
const QUIET = 900;
const LONGEST_HOLD = 10_000;
/** ms after which chokidar also reports a folder that appeared, unless a file of that name was watched before. */
const FOLDER_TOLD_AFTER = 300;

/**
 * Tells which keys of a folder changed, within two seconds. It only points at keys: what is the matter with
 * them, reconcile finds out, and what a watcher misses (its limits, a network drive) the next sweep finds.
 * Resolves when it watches, or when the signal is aborted.
 */
export async function watchFolder(options: WatchOptions): Promise<Watcher> {
  const { folder, exclude, send, log, signal } = options;
  let sending: Promise<void> = Promise.resolve();
  const sendSoon = (what: 'changed' | 'removed') => (keys: string[]) => {
    sending = sending
      .then(() => send(keys, what))
      .catch(error => log.error('Changed files could not be queued; the next sweep finds them', { error }));
  };
  const changed = gatherer({ quiet: GATHER, longest: GATHER }, sendSoon('changed'));
  const removed = gatherer({ quiet: QUIET, longest: LONGEST_HOLD }, sendSoon('removed'));
  const keyOf = (path: string): string => relative(folder, path).split(sep).join('/');
  const addTo = (to: Gatherer) => (path: string) => {
    removed.postpone();
    const key = keyOf(path);
    if (key !== '') to.add(key);
  };

  const excluded = exclude === undefined ? undefined : await realpath(exclude).catch(() => resolve(exclude));
  const links = followedLinks(folder, excluded);
  const isIgnored = (path: string): boolean =>
    path !== folder && (path === excluded || isHiddenKey(keyOf(path)));
  const watcher = watch(folder, {
    ignoreInitial: true,
    awaitWriteFinish: SETTLED_AFTER,
    ignored: (path, stats) =>
      isIgnored(path) || (path !== folder && stats?.isSymbolicLink() === true && !links.follows(path)),
  });
  watcher.on('add', addTo(changed)).on('change', addTo(changed)).on('unlink', addTo(removed));
  watcher.on('error', error => log.error(adviceFor(error), { error }));
  const folders = watchReplacedFiles(watcher, {
    isIgnored,
    found: { changed: addTo(changed), removed: addTo(removed), unnamed: options.unnamed ?? (() => {}) },
    log,
  });
  await new Promise<void>(resolve => {
    watcher.once('ready', resolve);
    signal?.addEventListener('abort', () => resolve(), { once: true });
    if (signal?.aborted) resolve();
  });
  folders.begin();

  return {
    async close() {
      await watcher.close();
      await folders.close();
      changed.flush();
      removed.flush();
      await sending;
    },
  };
}

/** What chokidar passes on of the system's own event. */
const rawDetails = z.object({ watchedPath: z.string() });

type Found = {
  readonly changed: (path: string) => void;
  readonly removed: (path: string) => void;
  readonly unnamed: () => void;
};

/**
 * Where a folder takes the place of a file, chokidar continues to watch the name as a file's and reports nothing of what
 * is added to the folder. So folders that appear without a report of chokidar are watched again, and the files in them
 * are reported here.
 */
function watchReplacedFiles(
  watcher: FSWatcher,
  { isIgnored, found, log }: { isIgnored: (path: string) => boolean; found: Found; log: Log },
) {
  const known = new Set<string>();
  const checks = new Map<string, NodeJS.Timeout>();
  let checking: Promise<void> = Promise.resolve();

  async function check(path: string): Promise<void> {
    if (known.has(path) || !(await unlessAbsent(lstat(path)))?.isDirectory()) return;
    known.add(path);
    watcher.unwatch(path);
    watcher.add(path);
    found.removed(path);
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
      const inner = join(entry.parentPath, entry.name);
      if (entry.isFile() && !isIgnored(inner)) found.changed(inner);
      if (entry.isDirectory()) known.add(inner);
    }
  }

  watcher.on('addDir', path => known.add(path)).on('unlinkDir', path => known.delete(path));
  watcher.on('raw', (event, name, details) => {
    const { data } = rawDetails.safeParse(details);
    if (event !== 'rename' || name === null || !data) return;
    if (name.includes('\ufffd')) found.unnamed();
    const path = resolve(data.watchedPath, name);
    if (known.has(path) || checks.has(path) || isIgnored(path)) return;
    const timer = setTimeout(() => {
      checks.delete(path);
      checking = checking
        .then(() => check(path))
        .catch(error => log.warn('A new folder could not be looked at; the next sweep finds it', { error }));
    }, FOLDER_TOLD_AFTER);
    checks.set(path, timer);
  });

  return {
    /** What is watched now are the folders that were there at first. */
    begin(): void {
      for (const path of Object.keys(watcher.getWatched())) known.add(path);
    },
    async close(): Promise<void> {
      for (const timer of checks.values()) clearTimeout(timer);
      await checking;
    },
  };
}

const adviceFor = (error: unknown): string =>
  systemCode(error) === 'ENOSPC'
    ? 'The folder has more subfolders than the system watches; raise fs.inotify.max_user_watches'
    : 'A part of the folder can not be watched';
