import { realpathSync, statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { watch } from 'chokidar';
import { systemCode } from '../file-error.ts';
import type { Log } from '../log.ts';
import { isInside } from '../objects/folder-paths.ts';
import { isHiddenKey } from '../objects/keys.ts';

export type WatchOptions = {
  /** Real path of the folder. */
  readonly folder: string;
  /** A folder inside it that is not watched. */
  readonly exclude?: string;
  /** Given the keys that were added, changed or removed; renaming is one of each. */
  readonly send: (keys: readonly string[]) => Promise<void>;
  readonly log: Log;
  /** Ends the wait: the first look at a large folder takes minutes. */
  readonly signal?: AbortSignal;
};

export type Watcher = { close(): Promise<void> };

/** A file is taken up when its size has not changed for so long, so that a copy under way isn't read half. */
const SETTLED_AFTER = { stabilityThreshold: 500, pollInterval: 100 };
/** ms in which keys are gathered before they are sent together. */
const GATHER = 100;
/** The new name of a file is settled later than its old one is gone; looked at first, it takes over what is known. */
const GATHER_REMOVED = 800;

/**
 * Tells which keys of a folder changed, within two seconds. It only points at keys: what is the matter with
 * them, reconcile finds out, and what a watcher misses (its limits, a network drive) the next sweep finds.
 * Resolves when it watches, or when the signal is aborted.
 */
export async function watchFolder({ folder, exclude, send, log, signal }: WatchOptions): Promise<Watcher> {
  let sending: Promise<void> = Promise.resolve();
  const sendSoon = (keys: string[]) => {
    sending = sending
      .then(() => send(keys))
      .catch(error => log.error('Changed files could not be queued; the next sweep finds them', { error }));
  };
  const present = gatherer(GATHER, sendSoon);
  const removed = gatherer(GATHER_REMOVED, sendSoon);
  const tell = (to: Gatherer) => (path: string) => {
    const key = keyOf(folder, path);
    if (key !== '') to.add(key);
  };

  const excluded = exclude === undefined ? undefined : await realpath(exclude).catch(() => resolve(exclude));
  const links = followedLinks(folder, excluded);
  const watcher = watch(folder, {
    ignoreInitial: true,
    awaitWriteFinish: SETTLED_AFTER,
    ignored: (path, stats) =>
      path !== folder &&
      (path === excluded ||
        isHiddenKey(keyOf(folder, path)) ||
        (stats?.isSymbolicLink() === true && !links.follows(path))),
  });
  watcher.on('add', tell(present)).on('change', tell(present)).on('unlink', tell(removed));
  watcher.on('error', error => log.error(adviceFor(error), { error }));
  await new Promise<void>(resolve => {
    watcher.once('ready', resolve);
    signal?.addEventListener('abort', () => resolve(), { once: true });
    if (signal?.aborted) resolve();
  });

  return {
    async close() {
      await watcher.close();
      present.flush();
      removed.flush();
      await sending;
    },
  };
}

type Gatherer = { add(key: string): void; flush(): void };

/** Hands on together the keys that come within `wait` ms of the first. */
function gatherer(wait: number, handOn: (keys: string[]) => void): Gatherer {
  const keys = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (keys.size > 0) handOn([...keys]);
    keys.clear();
  };
  return {
    add(key) {
      keys.add(key);
      timer ??= setTimeout(flush, wait);
    },
    flush,
  };
}

/** The links to folders that are followed: those that the store follows, see folder-paths.ts. */
function followedLinks(folder: string, excluded: string | undefined) {
  const followed = new Set<string>();
  return {
    follows(path: string): boolean {
      const target = folderOf(path);
      if (target === null) return true;
      const isNested = [...followed].some(link => link !== path && isInside(path, link));
      const leadsOut = !isInside(target, folder) && !isInside(folder, target);
      if (isNested || !leadsOut || (excluded !== undefined && isInside(target, excluded))) return false;
      followed.add(path);
      return true;
    },
  };
}

/** Real path of the folder that a link leads to; null for a file's link or a broken one. */
function folderOf(link: string): string | null {
  try {
    return statSync(link).isDirectory() ? realpathSync(link) : null;
  } catch {
    return null;
  }
}

const keyOf = (folder: string, path: string): string => relative(folder, path).split(sep).join('/');

const adviceFor = (error: unknown): string =>
  systemCode(error) === 'ENOSPC'
    ? 'The folder has more subfolders than the system watches; raise fs.inotify.max_user_watches'
    : 'A part of the folder can not be watched';
