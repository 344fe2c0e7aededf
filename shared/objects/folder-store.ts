import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { SemblanceError } from '../errors.ts';
import { fileError, isAbsent, systemCode, unlessAbsent } from '../file-error.ts';
import { dropOldTemporaries, syncFolder, writeTemporary } from './durable-files.ts';
import { type FolderTree, findFile, isFileKey, listFiles } from './folder-paths.ts';
import { compareKeys, isHiddenKey } from './keys.ts';
import { lockedBy } from './lock-file.ts';
import type { ObjectInfo, ObjectStore } from './object-store.ts';

/** Temporary files and locks of a writable folder; hidden, so it has no keys. */
const WORK_FOLDER = '.store';

export type FolderStoreOptions = {
  /** For the user's own folder: nothing is ever written to it, and it must exist. */
  readonly readOnly?: boolean;
  /** A folder that has no keys even where it lies inside the root. */
  readonly exclude?: string;
};

/**
 * An ObjectStore on a folder. ETags are size, modification time (ns) and inode; those of a folder that others
 * write to have the time of the last change (ctime) too, since programs put the modification time back.
 * @throws folder_missing where a read-only root is not a folder, data_read_only where the root can't be made
 */
export async function openFolderStore(root: string, options: FolderStoreOptions = {}): Promise<ObjectStore> {
  if (!options.readOnly) {
    await written(root, () => mkdir(join(root, WORK_FOLDER), { recursive: true }));
    await dropOldTemporaries(join(root, WORK_FOLDER));
  }
  const opened = await stat(root, { bigint: true }).catch(() => null);
  if (!opened?.isDirectory())
    throw new SemblanceError('folder_missing', `${root} is not there, or its drive is not mounted`);
  const tree: FolderTree = {
    root: await realpath(root),
    excluded:
      options.exclude && (await realpath(options.exclude).catch(() => resolve(options.exclude ?? ''))),
  };
  let device = opened.dev;
  const infoOf = options.readOnly ? infoWithChange : infoOfFile;

  /** An unmounted drive leaves an empty folder, or none. Then it is unknown whether files were deleted. */
  async function assertMounted(): Promise<void> {
    const now = await stat(tree.root, { bigint: true }).catch(() => null);
    if (!now?.isDirectory()) throw folderMissing(root);
    if (now.dev === device) return;
    if ((await readdir(tree.root)).length === 0) throw folderMissing(root);
    device = now.dev;
  }

  async function find(key: string) {
    return read(key, async () => {
      const found = await findFile(tree, key);
      if (!found) await assertMounted();
      return found;
    });
  }

  /** Opens the file of a key; null when there is none, also when it is deleted at this moment. */
  async function openKey(key: string): Promise<{ handle: FileHandle; info: ObjectInfo } | null> {
    const found = await find(key);
    if (!found) return null;
    return read(key, async () => {
      const handle = await unlessAbsent(open(found.path, 'r'));
      if (!handle) {
        await assertMounted();
        return null;
      }
      try {
        return { handle, info: infoOf(key, await handle.stat({ bigint: true })) };
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  function pathFor(key: string): string {
    if (options.readOnly)
      throw new SemblanceError('store_denied', `The folder of images is only read; ${key} was rejected`);
    if (!isFileKey(key) || isHiddenKey(key))
      throw new SemblanceError('invalid_request', `No file can have the key ${JSON.stringify(key)}`);
    return join(tree.root, ...key.split('/'));
  }

  const locked = <T>(key: string, work: () => Promise<T>): Promise<T> =>
    lockedBy(join(tree.root, WORK_FOLDER), key, work);

  return {
    async head(key) {
      const found = await find(key);
      return found && infoOf(key, found.stats);
    },

    async get(key, maxBytes) {
      const opened = await openKey(key);
      if (!opened) return null;
      const { handle, info } = opened;
      try {
        if (info.bytes > maxBytes)
          throw new SemblanceError(
            'image_too_many_bytes',
            `${key} has ${info.bytes} bytes, more than ${maxBytes}`,
            { parameters: { bytes: info.bytes, max_bytes: maxBytes } },
          );
        const bytes = await read(key, () => handle.readFile());
        const after = infoOf(key, await handle.stat({ bigint: true }));
        if (after.etag !== info.etag || bytes.length !== info.bytes)
          throw new SemblanceError('store_unavailable', `${key} was written to while it was read`);
        return { info, bytes };
      } finally {
        await handle.close();
      }
    },

    async stream(key, range) {
      const opened = await openKey(key);
      if (!opened) return null;
      const body = opened.handle.createReadStream(range ? { start: range.start, end: range.end } : {});
      return { info: opened.info, body: Readable.toWeb(body) as ReadableStream<Uint8Array> };
    },

    async put(key, body, { ifMatch }) {
      const target = pathFor(key);
      return written(key, async () => {
        const temporary = join(tree.root, WORK_FOLDER, `${randomUUID()}.tmp`);
        try {
          const stats = await writeTemporary(temporary, body);
          return await locked(key, async () => {
            if (ifMatch !== undefined) {
              const now = await findFile(tree, key);
              if ((now ? infoOf(key, now.stats).etag : null) !== ifMatch)
                throw new SemblanceError('precondition_failed', `${key} is not what it was when it was read`);
            }
            await mkdir(dirname(target), { recursive: true });
            await rename(temporary, target);
            await syncFolder(dirname(target));
            return infoOf(key, stats);
          });
        } finally {
          await rm(temporary, { force: true });
        }
      });
    },

    async delete(key) {
      const target = pathFor(key);
      await written(key, () =>
        locked(key, async () => {
          await rm(target, { force: true });
          await unlessAbsent(syncFolder(dirname(target)));
        }),
      );
    },

    async move(from, to) {
      const [source, target] = [pathFor(from), pathFor(to)];
      return written(from, () =>
        locked(from, async () => {
          await mkdir(dirname(target), { recursive: true });
          try {
            await rename(source, target);
          } catch (error) {
            if (isAbsent(error)) return false;
            throw error;
          }
          await syncFolder(dirname(target));
          await syncFolder(dirname(source));
          return true;
        }),
      );
    },

    async *list(prefix, unlisted, after) {
      try {
        await assertMounted();
        for await (const file of listFiles(tree, prefix, unlisted))
          if (after === undefined || compareKeys(file.key, after) > 0) yield infoOf(file.key, file.stats);
      } catch (error) {
        throw named(error, 'The folder', 'store_denied');
      }
    },
  };
}

const infoOfFile = (key: string, stats: BigIntStats): ObjectInfo => ({
  key,
  etag: [stats.size, stats.mtimeNs, stats.ino].map(number => number.toString(36)).join('-'),
  bytes: Number(stats.size),
  modified: stats.mtime,
});

/** With the ctime, which the ETags of the store's own files leave out, since the store renames them. */
function infoWithChange(key: string, stats: BigIntStats): ObjectInfo {
  const info = infoOfFile(key, stats);
  return { ...info, etag: `${info.etag}-${stats.ctimeNs.toString(36)}` };
}

const read = <T>(what: string, work: () => Promise<T>): Promise<T> => naming(what, 'store_denied', work);
const written = <T>(what: string, work: () => Promise<T>): Promise<T> => naming(what, 'data_read_only', work);

async function naming<T>(what: string, denied: 'store_denied' | 'data_read_only', work: () => Promise<T>) {
  try {
    return await work();
  } catch (error) {
    throw named(error, what, denied);
  }
}

/** An error of the file system as one of the product's; only errors that a later try may not meet are passing. */
function named(cause: unknown, what: string, denied: 'store_denied' | 'data_read_only'): unknown {
  if (cause instanceof SemblanceError) return cause;
  const rejected = fileError(cause, what, denied);
  if (rejected) return rejected;
  if (systemCode(cause) === 'ENAMETOOLONG')
    return new SemblanceError('invalid_request', `${what}: the name is too long`, { cause });
  // The system's own message contains the path, which an HTTP client must not learn.
  const reason = systemCode(cause) || (cause instanceof Error ? cause.message : String(cause));
  return new SemblanceError('store_unavailable', `${what} can't be reached now (${reason})`, { cause });
}

const folderMissing = (root: string) =>
  new SemblanceError(
    'folder_missing',
    `The folder ${basename(root)} is not there, or its drive is not mounted`,
  );
