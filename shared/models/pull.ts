import { mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SemblanceError } from '../errors.ts';
import { onDisk } from '../file-error.ts';
import { createPaceMeter, formatBytes } from '../progress.ts';
import { type DownloadTiming, digestFile, downloadFile, type FileDigest, sizeOf } from './download.ts';
import { locateModel, type ModelLock, modelFolder, readLock, writeLock } from './model-cache.ts';
import { CONFIG_FILE, type LocatedModel, modelType, parseLayoutFile, readModelJson } from './model-folder.ts';
import { throughProxy } from './proxy.ts';
import { whileAlone } from './pull-lock.ts';
import { demoModel, type ModelFile, type ModelRow } from './registry.ts';

export type PullEvent =
  /** Before the first byte; `bytes` of what is still to come, null while unknown. */
  | { readonly type: 'start'; readonly model: string; readonly bytes: number | null; readonly from: string }
  /** Another process is fetching the same model. */
  | { readonly type: 'waiting'; readonly model: string }
  /** An attempt failed; what was received is kept, the next begins in `waitMs`. */
  | { readonly type: 'retry'; readonly file: string; readonly reason: string; readonly waitMs: number }
  | {
      readonly type: 'progress';
      readonly file: string;
      /** Bytes of this file on disk, and in all where the server says it. */
      readonly received: number;
      readonly total: number | null;
      readonly bytesPerSecond: number;
      /** s to the end of this file; null while unknown. */
      readonly secondsLeft: number | null;
    }
  | { readonly type: 'done'; readonly model: string; readonly folder: string };

export type PullOptions = {
  readonly cacheFolder: string;
  /** The hub or a mirror, without a slash at the end. */
  readonly baseUrl: string;
  readonly onEvent?: (event: PullEvent) => void;
  /** Awaited once before the first request, and only if something has to be fetched. */
  readonly beforeFetch?: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
  readonly timing?: DownloadTiming;
};

/**
 * Sees to it that every file of a model is in the cache and right: what is there is verified, what is missing
 * or wrong is fetched. Interrupted at any point it goes on from there next time.
 * @throws unknown_model, model_unsupported, model_unreachable, model_corrupt, disk_full, data_read_only; the
 * signal's reason
 */
export async function pullModel(row: ModelRow, options: PullOptions): Promise<LocatedModel> {
  if (row.demo) return demoModel();
  const { onEvent, signal } = options;
  const folder = modelFolder(row, options.cacheFolder);
  await onDisk(folder, () => mkdir(folder, { recursive: true }));
  const onWait = () => onEvent?.({ type: 'waiting', model: row.name });
  await whileAlone(folder, { onWait, signal }, () => throughProxy(() => pullFiles(row, folder, options)));
  const located = await locateModel(row, options.cacheFolder);
  if (located === undefined)
    throw new SemblanceError('model_missing', `${folder} changed while it was filled`);
  onEvent?.({ type: 'done', model: row.name, folder });
  return located;
}

async function pullFiles(row: ModelRow, folder: string, options: PullOptions): Promise<void> {
  let lock = await readLock(row, folder);
  const missing: ModelFile[] = [];
  for (const file of row.files.map(entry => expected(entry, lock))) {
    options.signal?.throwIfAborted();
    const found = await presentFile(folder, file);
    if (found) lock = withFile(lock, file, found);
    else missing.push(file);
  }
  if (missing.length > 0) {
    await options.beforeFetch?.();
    const bytes = await bytesToCome(row, folder, missing);
    await checkRoom(folder, bytes ?? 0);
    options.onEvent?.({ type: 'start', model: row.name, bytes, from: options.baseUrl });
  }
  for (const file of missing) {
    lock = withFile(lock, file, await pullFile(row, folder, file, options));
    await writeLock(folder, lock);
    if (file.path === CONFIG_FILE) await checkType(folder);
  }
  await writeLock(folder, lock);
}

/** The row's hash, or the one that was locked on first use. */
const expected = (file: ModelFile, lock: ModelLock): ModelFile => ({
  path: file.path,
  bytes: file.bytes ?? lock.files[file.path]?.bytes,
  sha256: file.sha256 ?? lock.files[file.path]?.sha256,
});

const withFile = (lock: ModelLock, { path }: ModelFile, digest: FileDigest): ModelLock => ({
  ...lock,
  files: { ...lock.files, [path]: digest },
});

/** The file's digest if it is there and right; a wrong one is removed. */
async function presentFile(folder: string, file: ModelFile): Promise<FileDigest | undefined> {
  const path = join(folder, file.path);
  if ((await sizeOf(path)) === 0) return undefined;
  const digest = await digestFile(path);
  // Files can be copied here by hand; without a known hash they are locked now.
  if (file.sha256 === undefined || digest.sha256 === file.sha256) return digest;
  await onDisk(path, () => rm(path));
  return undefined;
}

async function pullFile(
  row: ModelRow,
  folder: string,
  file: ModelFile,
  { baseUrl, onEvent, signal, timing }: PullOptions,
): Promise<FileDigest> {
  const pace = createPaceMeter();
  return await downloadFile({
    url: fileUrl(row, file.path, baseUrl),
    target: join(folder, file.path),
    bytes: file.bytes,
    sha256: file.sha256,
    onBytes(received, total) {
      const { perSecond, secondsLeft } = pace.measure(received, total);
      onEvent?.({
        type: 'progress',
        file: file.path,
        received,
        total,
        bytesPerSecond: perSecond,
        secondsLeft,
      });
    },
    onRetry: (reason, waitMs) => onEvent?.({ type: 'retry', file: file.path, reason, waitMs }),
    signal,
    ...(timing ? { timing } : {}),
  });
}

/** Where the hub, or a mirror of its layout, has a file. */
export const fileUrl = (row: ModelRow, path: string, baseUrl: string): string =>
  `${baseUrl}/${row.repository}/resolve/${encodeURIComponent(row.revision)}/${path}`;

/** Bytes that are not on the disk yet; null while a file's size is unknown and the row has no estimate. */
async function bytesToCome(row: ModelRow, folder: string, missing: ModelFile[]): Promise<number | null> {
  if (missing.length === row.files.length && row.bytes !== null) return row.bytes;
  let sum = 0;
  for (const { path, bytes } of missing) {
    if (bytes === undefined) return null;
    sum += Math.max(0, bytes - (await sizeOf(`${join(folder, path)}.part`)));
  }
  return sum;
}

async function checkRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  throw new SemblanceError(
    'disk_full',
    `${formatBytes(bytes)} are needed in ${folder}, ${formatBytes(bavail * bsize)} are free`,
  );
}

/** Told before the towers are fetched. */
async function checkType(folder: string): Promise<void> {
  const schema = z.looseObject({ model_type: z.string() });
  modelType(parseLayoutFile(schema, CONFIG_FILE, await readModelJson(folder, CONFIG_FILE)).model_type);
}
