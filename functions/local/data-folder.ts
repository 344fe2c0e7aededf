import { createHash, randomUUID } from 'node:crypto';
import {
  access,
  constants,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { SemblanceError } from '../../shared/errors.ts';
import { fileError, onDisk, systemCode, unlessAbsent } from '../../shared/file-error.ts';
import { parseJson } from '../../shared/json.ts';
import type { Log } from '../../shared/log.ts';
import { lockedBy } from '../../shared/objects/lock-file.ts';
import { isSetAside, type KnownSource, recognize, setAside } from './moved-folder.ts';

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
  /** A sentence for people where the folder was moved, or seems to have been; else null. */
  readonly notice: string | null;
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

export type OpenDataOptions = {
  /** The folder where the images were before: its index, annotations and uploads are taken over. */
  readonly movedFrom?: string | undefined;
  readonly log?: Log | undefined;
};

/**
 * Opens, or makes, the data of one folder of images. A folder that was moved or renamed is recognised by what it
 * holds, and keeps its annotations and uploads; where that is not certain, `notice` says how to continue them.
 * @throws folder_missing where the folder isn't there or is none; invalid_arguments where no index is known of
 * `movedFrom`; data_read_only, disk_full
 */
export async function openDataFolder(
  dataFolder: string,
  folder: string,
  { movedFrom, log }: OpenDataOptions = {},
): Promise<DataFolder> {
  const source = await existingFolder(folder);
  const place = join(resolve(dataFolder), 'sources', nameOf(source));
  const notice = movedFrom
    ? await takeOver(dataFolder, place, source, movedFrom)
    : await continueMoved(dataFolder, place, source, log);
  const receiving = join(place, 'receiving');
  await onDisk(place, () => mkdir(receiving, { recursive: true }));
  const file = join(place, 'source.json');
  const known = await readSource(file);
  const { namespace } =
    known ?? (await writeSource(place, file, { folder: source, namespace: randomUUID() }));
  return {
    source,
    namespace,
    notice,
    originals: join(place, 'originals'),
    derived: join(place, 'derived'),
    receiving,
    queueFile: join(place, 'queue.db'),
    indexFile: fingerprint => join(place, `index-${fingerprint}.db`),
  };
}

/** Folders that this data folder holds an index of, the one opened last first. */
export const knownSources = async (dataFolder: string): Promise<string[]> =>
  (await placesOf(dataFolder)).map(({ folder }) => folder);

async function placesOf(dataFolder: string): Promise<KnownSource[]> {
  const root = join(resolve(dataFolder), 'sources');
  const names = await unlessAbsent(readdir(root)).catch((cause: unknown) => {
    throw fileError(cause, root) ?? cause;
  });
  const sources = await Promise.all(
    (names ?? []).map(async name => {
      const place = join(root, name);
      if (isSetAside(place)) return [];
      const source = await readSource(join(place, 'source.json'));
      const used = await unlessAbsent(stat(join(place, 'last-used')));
      return source ? [{ folder: source.folder, place, used: used?.mtimeMs ?? 0 }] : [];
    }),
  );
  return sources.flat().sort((a, b) => b.used - a.used);
}

/** Takes over what is kept of the folder's former place; what was kept of the new one is set aside, not lost. */
async function takeOver(
  dataFolder: string,
  place: string,
  source: string,
  movedFrom: string,
): Promise<string | null> {
  const given = resolve(movedFrom);
  // The folder no longer exists, so only the folders above it can be links.
  const former = join(await realpath(dirname(given)).catch(() => dirname(given)), basename(given));
  const known = await placesOf(dataFolder);
  const found = known.find(({ folder }) => folder === former);
  // At the next start with the same option it is done already.
  if (!found && known.some(({ folder }) => folder === source)) return null;
  if (!found) throw new SemblanceError('invalid_arguments', `No index is known of a folder ${former}`);
  if (found.folder === source) return null;
  await onDisk(place, () => setAside(place));
  await moveSource(found, place, source);
  return `What is known of ${former} is continued: its annotations and uploads are here.`;
}

async function continueMoved(
  dataFolder: string,
  place: string,
  source: string,
  log: Log | undefined,
): Promise<string | null> {
  const known = await placesOf(dataFolder);
  if (known.length === 0 || known.some(({ folder }) => folder === source)) return null;
  const found = await recognize(source, known, log);
  if (!found) return null;
  const former = found.source.folder;
  if (found.share !== null && !found.isThere) {
    await moveSource(found.source, place, source);
    return `This folder was ${former}; its annotations and uploads are kept.`;
  }
  const flag = `--moved-from ${JSON.stringify(former)}`;
  return found.share === null
    ? `${former}, which has an index, is gone: if it is this folder, start once with ${flag} to keep its annotations and uploads.`
    : `This folder holds the same files as ${former}, which has its own index: start once with ${flag} to continue its annotations and uploads here.`;
}

/** Cut off after the first step, the place has the right name and its file the old folder: it is opened as it is. */
const moveSource = (source: KnownSource, place: string, folder: string): Promise<void> =>
  onDisk(place, async () => {
    const file = join(source.place, 'source.json');
    const before = await readSource(file);
    if (!before) return;
    await rename(source.place, place);
    await writeSourceFile(join(place, 'source.json'), { ...before, folder });
  });

/** Remembers that the folder was opened now, so that the next command without a folder takes it. */
export async function markUsed({ queueFile }: DataFolder): Promise<void> {
  const file = join(queueFile, '..', 'last-used');
  await onDisk(file, () => writeFile(file, new Date().toISOString()));
}

async function existingFolder(folder: string): Promise<string> {
  const closed = (cause: unknown): never => {
    const message = `${resolve(folder)} may not be opened (${systemCode(cause)})`;
    throw new SemblanceError('folder_missing', message, { cause });
  };
  const found = await unlessAbsent(stat(folder)).catch(closed);
  if (!found) throw new SemblanceError('folder_missing', `There is no folder ${resolve(folder)}`);
  if (!found.isDirectory()) throw new SemblanceError('folder_missing', `${resolve(folder)} is not a folder`);
  await access(folder, constants.R_OK | constants.X_OK).catch(closed);
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
  throw new SemblanceError(
    'bad_configuration',
    `${file} is damaged; restore it, or delete it to start again`,
  );
}

/** Two processes may start at once: whoever writes first is right. */
const writeSource = (place: string, file: string, source: z.infer<typeof sourceSchema>) =>
  onDisk(file, () =>
    lockedBy(place, 'source.json', async () => {
      const first = await readSource(file);
      if (first) return first;
      await writeSourceFile(file, source);
      return source;
    }),
  );

async function writeSourceFile(file: string, source: z.infer<typeof sourceSchema>): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(source, null, 2)}\n`, { flush: true });
  await rename(`${file}.new`, file);
}
