import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { SemblanceError } from '../../shared/errors.ts';
import { fileError, onDisk, systemCode, unlessAbsent } from '../../shared/file-error.ts';
import { parseJson } from '../../shared/json.ts';
import { lockedBy } from '../../shared/objects/lock-file.ts';

/** source.json: what a folder of images is known by. */
const sourceSchema = z.object({
  folder: z.string(),
  /** Namespace of the ids of its images; random, so that ids can't be guessed. */
  namespace: z.uuid(),
});

/** Where everything about one folder of images is kept; the folder itself is never written to. */
export type DataFolder = {
  /** Real path of the folder of images. */
  readonly source: string;
  readonly namespace: string;
  /** Uploads, bytes of remote images, deleted uploads. */
  readonly originals: string;
  /** Thumbnails, previews, people's records, failures. */
  readonly derived: string;
  /** Uploads while they are read; beside the originals, so that they can be moved there. */
  readonly receiving: string;
  readonly queueFile: string;
  readonly indexFile: (fingerprint: string) => string;
};

/** Holds downloaded models, shared by all sources. */
export const modelCacheFolder = (dataFolder: string): string => join(resolve(dataFolder), 'models');

/** Log lines of a process whose stderr is a terminal. */
export const logFile = (dataFolder: string): string => join(resolve(dataFolder), 'semblance.log');

/**
 * Opens, or makes, the data of one folder of images.
 * @throws folder_missing where the folder isn't there or is none; data_read_only, disk_full
 */
export async function openDataFolder(dataFolder: string, folder: string): Promise<DataFolder> {
  const source = await existingFolder(folder);
  const place = join(resolve(dataFolder), 'sources', nameOf(source));
  const receiving = join(place, 'receiving');
  await onDisk(place, () => mkdir(receiving, { recursive: true }));
  const file = join(place, 'source.json');
  const known = await readSource(file);
  const { namespace } =
    known ?? (await writeSource(place, file, { folder: source, namespace: randomUUID() }));
  return {
    source,
    namespace,
    originals: join(place, 'originals'),
    derived: join(place, 'derived'),
    receiving,
    queueFile: join(place, 'queue.db'),
    indexFile: fingerprint => join(place, `index-${fingerprint}.db`),
  };
}

/** Folders that this data folder holds an index of, the one opened last first. */
export async function knownSources(dataFolder: string): Promise<string[]> {
  const root = join(resolve(dataFolder), 'sources');
  const names = (await unlessAbsent(readdir(root))) ?? [];
  const sources = await Promise.all(
    names.map(async name => {
      const place = join(root, name);
      const source = await readSource(join(place, 'source.json'));
      const used = await unlessAbsent(stat(join(place, 'last-used')));
      return source ? [{ folder: source.folder, used: used?.mtimeMs ?? 0 }] : [];
    }),
  );
  return sources
    .flat()
    .sort((a, b) => b.used - a.used)
    .map(source => source.folder);
}

/** Remembers that the folder was opened now, so that the next command without a folder takes it. */
export async function markUsed({ queueFile }: DataFolder): Promise<void> {
  const file = join(queueFile, '..', 'last-used');
  await onDisk(file, () => writeFile(file, new Date().toISOString()));
}

async function existingFolder(folder: string): Promise<string> {
  const found = await unlessAbsent(stat(folder)).catch((cause: unknown) => {
    throw new SemblanceError(
      'folder_missing',
      `${resolve(folder)} may not be opened (${systemCode(cause)})`,
      {
        cause,
      },
    );
  });
  if (!found) throw new SemblanceError('folder_missing', `There is no folder ${resolve(folder)}`);
  if (!found.isDirectory()) throw new SemblanceError('folder_missing', `${resolve(folder)} is not a folder`);
  return realpath(folder);
}

/** Readable and unique: the folder's name and eight hex digits of its path. */
function nameOf(source: string): string {
  const readable = basename(source)
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .slice(0, 40);
  const digest = createHash('sha256').update(source).digest('hex').slice(0, 8);
  return `${readable || 'folder'}-${digest}`;
}

async function readSource(file: string): Promise<z.infer<typeof sourceSchema> | null> {
  const text = await unlessAbsent(readFile(file, 'utf8')).catch((cause: unknown) => {
    throw fileError(cause, file, 'store_denied') ?? cause;
  });
  if (text === null) return null;
  const parsed = sourceSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  // Its ids would change with a new namespace, and records are kept by id: that is for a person to decide.
  throw new SemblanceError('bad_configuration', `${file} is damaged; restore it, or delete it to start anew`);
}

/** Two processes may start at once: whoever writes first is right. */
const writeSource = (place: string, file: string, source: z.infer<typeof sourceSchema>) =>
  onDisk(file, () =>
    lockedBy(place, 'source.json', async () => {
      const first = await readSource(file);
      if (first) return first;
      await writeFile(`${file}.new`, `${JSON.stringify(source, null, 2)}\n`, { flush: true });
      await rename(`${file}.new`, file);
      return source;
    }),
  );
