import { randomUUID } from 'node:crypto';
import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version } from 'uuid';
import { keptCategories } from '../catalog/categories.ts';
import { sha1Hex, trashKey, uploadId, uploadKey } from '../catalog/ids.ts';
import type { ImageRecord } from '../catalog/record.ts';
import { type ErrorCode, SemblanceError } from '../errors.ts';
import { sniffFormat } from '../images/sniff.ts';
import { openDerivedStore } from '../indexing/derived-store.ts';
import type { LibraryStores } from '../indexing/library-stores.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { fetchOldFile, type OldFile, readOldFile } from './old-file.ts';
import type { OldGallery, OldImage } from './old-gallery.ts';

export type ImportDeps = LibraryStores & {
  /** Folder for files that are being written, on the originals' file system. */
  readonly temporaryFolder: string;
};

export type ImportOptions = {
  readonly gallery: OldGallery;
  /** Where the old server kept its files; read only. */
  readonly storage: ObjectStore;
  /** Larger files are rejected, as in indexing. */
  readonly maxBytes: number;
  /** Whether images of which the old server stored the url alone are downloaded; else they are left out. */
  readonly fetch?: boolean;
  /** Whether such a url may lead into a private network; default false. */
  readonly fetchPrivate?: boolean;
  /** Reads and compares, writes nothing and downloads nothing. */
  readonly dryRun?: boolean;
  readonly onProgress?: (done: number) => void;
  /** Called for every image that waits to be indexed, before it is queued. */
  readonly onStored?: (image: { readonly id: string; readonly sha1: string }) => void;
  readonly signal?: AbortSignal | undefined;
};

/** Why an image of the old server was not imported; the next import tries it again. */
export type ImportProblem = {
  readonly id: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly advice: string;
};

/** Each image of the old server is counted in one of the first five, `changed` among the imported. */
export type ImportReport = {
  readonly imported: number;
  /** Were in the library before; their annotations stay as they are here. */
  readonly present: number;
  /** Were imported once and deleted here since. */
  readonly deleted: number;
  /** The old server stored their url alone, and `fetch` is not set. */
  readonly remote: number;
  readonly problems: readonly ImportProblem[];
  /** Ids of imported images whose file is not the one that was indexed: their SHA-1 gives another id. */
  readonly changed: readonly string[];
};

/**
 * Brings the images of a NekoImageGallery here: ids, stars, categories, comments, urls of remote ones, and files.
 * Nothing of the old server is changed. Each image is stored as an upload is (record, original, queue) and indexed as
 * one. After an interruption the same call continues, and images that are here already stay as they are. Files keep
 * their time, which is used where the metadata of an image has no date.
 * @throws what ends the import as a whole: the old index or our own stores don't respond, the disk is full
 */
export async function importImages(deps: ImportDeps, options: ImportOptions): Promise<ImportReport> {
  const { gallery, onProgress, signal } = options;
  const counts = { imported: 0, present: 0, deleted: 0, remote: 0 };
  const problems: ImportProblem[] = [];
  const changed: string[] = [];
  let done = 0;

  for await (const { images, unreadable } of gallery.pages()) {
    for (const id of unreadable)
      problems.push(problemOf(id, new SemblanceError('invalid_request', 'Its payload is of another form')));
    done += unreadable.length;
    const indexed = new Set((await deps.index.retrieve(images.map(({ id }) => id))).map(({ id }) => id));
    for (const image of images) {
      signal?.throwIfAborted();
      const outcome = await importOne(deps, options, image, indexed.has(image.id));
      if (outcome.type === 'problem') problems.push(outcome.problem);
      else counts[outcome.type]++;
      if (outcome.type === 'imported' && outcome.changed) changed.push(image.id);
      onProgress?.(++done);
    }
  }
  return { ...counts, problems, changed };
}

type Outcome =
  | { readonly type: 'imported'; readonly changed: boolean }
  | { readonly type: 'present' | 'deleted' | 'remote' }
  | { readonly type: 'problem'; readonly problem: ImportProblem };

async function importOne(
  deps: ImportDeps,
  options: ImportOptions,
  image: OldImage,
  isIndexed: boolean,
): Promise<Outcome> {
  const { id, local } = image;
  const { dryRun = false, onStored } = options;
  const derived = openDerivedStore(deps);
  const before = await derived.readRecord(id);
  const known = before?.value;
  if (known && (await deps.originals.head(known.key))) {
    const waits = !isIndexed && !(await derived.hasFailure(id));
    if (waits && !dryRun) {
      if (known.sha1) onStored?.({ id, sha1: known.sha1 });
      await deps.queue.send([known.key], { turn: 'sweep' });
    }
    return { type: 'present' };
  }
  if (isIndexed) return { type: 'present' };
  if (!local && (!options.fetch || dryRun)) return { type: 'remote' };

  const found = await readable(image, options);
  if (found instanceof SemblanceError) return { type: 'problem', problem: problemOf(id, found) };
  const { file, format } = found;
  if (await deps.originals.head(trashKey(id, format))) return { type: 'deleted' };

  const sha1 = sha1Hex(file.bytes);
  // Ids of the oldest servers are random (version 4) and don't depend on the bytes.
  const outcome = { type: 'imported', changed: version(id) === 5 && uploadId(sha1) !== id } as const;
  if (dryRun) return outcome;
  const categories = namesOf(image);
  if (categories instanceof SemblanceError) return { type: 'problem', problem: problemOf(id, categories) };
  const record = recordOf(
    { ...image, categories },
    { key: uploadKey(id, format, local), sha1, format },
    deps.now?.(),
  );
  await derived.writeRecord(record, before?.etag ?? null);
  await store(deps, record, file, image.indexed);
  onStored?.({ id, sha1 });
  await deps.queue.send([record.key], { turn: 'sweep' });
  return outcome;
}

/** The categories as they are kept here, or what is wrong with them. */
function namesOf({ categories }: OldImage): string[] | null | SemblanceError {
  try {
    return categories && keptCategories(categories);
  } catch (error) {
    if (error instanceof SemblanceError) return error;
    throw error;
  }
}

/** The image's file, or what is wrong with it alone; what is wrong with the storage as a whole is thrown. */
async function readable(
  image: OldImage,
  { storage, maxBytes, fetchPrivate = false, signal }: ImportOptions,
): Promise<{ file: OldFile; format: ReturnType<typeof sniffFormat> } | SemblanceError> {
  try {
    const file = image.local
      ? await readOldFile(storage, image, maxBytes)
      : await fetchOldFile(image.url ?? '', { maxBytes, allowPrivate: fetchPrivate, signal });
    return { file, format: sniffFormat(file.bytes) };
  } catch (error) {
    if (error instanceof SemblanceError && error.code !== 'folder_missing') return error;
    throw error;
  }
}

const recordOf = (
  image: OldImage,
  file: Pick<ImageRecord, 'key' | 'sha1' | 'format'>,
  now = new Date(),
): ImageRecord => ({
  version: 1,
  id: image.id,
  ...file,
  name: null,
  created: now.toISOString(),
  local: image.local,
  url: image.local ? null : image.url,
  thumbnail_url: image.local || image.localThumbnail ? null : image.thumbnailUrl,
  thumbnail: image.localThumbnail ? 'always' : image.local ? 'if_necessary' : 'never',
  starred: image.starred,
  categories: image.categories,
  comments: image.comments,
  skip_ocr: false,
});

/** Writes the original with the earlier of its two times: copying may have lost the file's, a file may be older. */
async function store(
  { originals, temporaryFolder }: ImportDeps,
  { key, format }: ImageRecord,
  { bytes, modified }: OldFile,
  indexed: Date | null,
): Promise<void> {
  const temporary = join(temporaryFolder, randomUUID());
  const times = [modified, indexed].filter(time => time !== null).map(time => time.getTime());
  try {
    await writeFile(temporary, bytes);
    if (times.length > 0) await utimes(temporary, Math.min(...times) / 1000, Math.min(...times) / 1000);
    await originals.put(key, { file: temporary }, { contentType: `image/${format}` });
  } finally {
    await rm(temporary, { force: true });
  }
}

const problemOf = (id: string, { code, message, advice }: SemblanceError): ImportProblem => ({
  id,
  code,
  message,
  advice,
});
