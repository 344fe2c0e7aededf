import { createHash } from 'node:crypto';
import { glob, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { SemblanceError } from '../errors.ts';
import { onDisk, unlessAbsent } from '../file-error.ts';
import { parseJson } from '../json.ts';
import { sizeOf } from './download.ts';
import { type LocatedModel, MODEL_FILES } from './model-folder.ts';
import { demoModel, MODEL_ROWS, type ModelRow, resolveModel } from './registry.ts';

/**
 * What each file of a model had when it was verified first, kept beside the files: whatever comes later
 * must have the same.
 */
const lockSchema = z.object({
  name: z.string(),
  files: z.partialRecord(
    z.enum(MODEL_FILES),
    z.object({ bytes: z.number().int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});
export type ModelLock = z.output<typeof lockSchema>;

const LOCK_FILE = 'lock.json';

/** `<cache>/<org>/<name>/<revision>`. */
export const modelFolder = (row: ModelRow, cacheFolder: string): string =>
  join(cacheFolder, ...row.repository.split('/'), encodeURIComponent(row.revision));

/** @throws model_corrupt where the lock is there but can't be read */
export async function readLock(row: ModelRow, folder: string): Promise<ModelLock> {
  const path = join(folder, LOCK_FILE);
  const text = await unlessAbsent(readFile(path, 'utf8'));
  if (text === null) return { name: row.name, files: {} };
  const json = lockSchema.safeParse(parseJson(text));
  if (json.success) return json.data;
  throw new SemblanceError('model_corrupt', `${path} is damaged; delete ${folder} and pull the model again`);
}

export async function writeLock(folder: string, lock: ModelLock): Promise<void> {
  const path = join(folder, LOCK_FILE);
  await onDisk(path, () => writeFile(`${path}.new`, `${JSON.stringify(lock, null, 2)}\n`));
  await onDisk(path, () => rename(`${path}.new`, path));
}

/** The model if every file of it is in the cache, verified when it came and of the same size since. */
export async function locateModel(row: ModelRow, cacheFolder: string): Promise<LocatedModel | undefined> {
  if (row.demo) return demoModel();
  const folder = modelFolder(row, cacheFolder);
  const lock = await readLock(row, folder);
  for (const { path, sha256 } of row.files) {
    const locked = lock.files[path];
    if (locked === undefined || (sha256 ?? locked.sha256) !== locked.sha256) return undefined;
    if ((await sizeOf(join(folder, path))) !== locked.bytes) return undefined;
  }
  const { name, repository, languages, demo } = row;
  return { name, repository, revision: revisionOf(row, lock), languages, demo, folder };
}

/** A commit as it is; a branch can move, so the files' own digest stands for it. */
function revisionOf(row: ModelRow, lock: ModelLock): string {
  if (/^[0-9a-f]{40}$/.test(row.revision)) return row.revision;
  const digests = MODEL_FILES.map(path => lock.files[path]?.sha256).join();
  return `sha256-${createHash('sha256').update(digests).digest('hex').slice(0, 12)}`;
}

export type ListedModel = {
  readonly row: ModelRow;
  /** Whether it can be used without a download. */
  readonly present: boolean;
};

/** The registry's models, then others that are in the cache, in the order of their names. */
export async function listModels(cacheFolder: string): Promise<ListedModel[]> {
  const others: ModelRow[] = [];
  for await (const path of glob(join('*', '*', '*', LOCK_FILE), { cwd: cacheFolder })) {
    const lock = lockSchema.safeParse(parseJson(await readFile(join(cacheFolder, path), 'utf8')));
    if (!lock.success) continue;
    const row = resolveModel(lock.data.name);
    if (!MODEL_ROWS.includes(row)) others.push(row);
  }
  const rows = [...MODEL_ROWS, ...others.sort((a, b) => (a.name < b.name ? -1 : 1))];
  return Promise.all(
    rows.map(async row => ({
      row,
      present: (await locateModel(row, cacheFolder).catch(() => undefined)) !== undefined,
    })),
  );
}
