import pLimit from 'p-limit';
import { z } from 'zod';
import { type PassedOver, passedOverSchema } from '../catalog/passed-over.ts';
import { type FailureRecord, failureSchema, type ImageRecord, recordSchema } from '../catalog/record.ts';
import { type TrashEntry, trashEntrySchema } from '../catalog/trash-entry.ts';
import { parseJson } from '../json.ts';
import type { Log } from '../log.ts';
import type { ObjectInfo, ObjectStore } from '../objects/object-store.ts';

/** The store of derived objects, and the log that reports which of them can't be read. */
export type DerivedDeps = { readonly derived: ObjectStore; readonly log: Log };

/** A document and the ETag that a conditional write needs. `value` is null where it can't be understood. */
export type Stored<T> = { readonly value: T | null; readonly etag: string };

/** What is made of an image to be shown. */
export type DerivedImage = 'thumbnail' | 'preview';

const FOLDERS = {
  record: 'records/',
  failure: 'failures/',
  thumbnail: 'thumbnails/',
  preview: 'previews/',
  trash: '_deleted/',
  crashes: 'crashes/',
} as const;

/** The key of a thumbnail or preview, for what serves or signs it. */
export const derivedImageKey = (kind: DerivedImage, id: string): string => `${FOLDERS[kind]}${id}.webp`;

const documentKey = (kind: 'record' | 'failure' | 'trash' | 'crashes', id: string): string =>
  `${FOLDERS[kind]}${id}.json`;

const PASSED_OVER = 'passed-over.json';

const vanishedKey = (sha1: string, id: string): string => `vanished/${sha1}/${id}`;

/** bytes; comments are the longest part, and no request brings more. */
const LARGEST_DOCUMENT = 16_000_000;
/** bytes; a WebP within 768 × 768 has a fraction of them. */
const LARGEST_IMAGE = 4_000_000;
const READS_AT_ONCE = 32;

export type DerivedStore = ReturnType<typeof openDerivedStore>;

/**
 * All that is stored beside the originals: records of annotations, failures, thumbnails, previews, the trash's
 * records, and markers of records whose file vanished. It alone knows their keys.
 */
export function openDerivedStore({ derived: store, log }: DerivedDeps) {
  async function readDocument<T>(key: string, schema: z.ZodType<T>): Promise<Stored<T> | null> {
    const found = await store.get(key, LARGEST_DOCUMENT);
    if (!found) return null;
    const parsed = schema.safeParse(parseJson(new TextDecoder().decode(found.bytes)));
    if (!parsed.success)
      log.warn(`${key} is damaged and passed over`, { issues: parsed.error.issues.length });
    return { value: parsed.success ? parsed.data : null, etag: found.info.etag };
  }

  const writeDocument = (key: string, value: object, ifMatch?: string | null): Promise<ObjectInfo> =>
    store.put(key, new TextEncoder().encode(JSON.stringify(value)), {
      contentType: 'application/json',
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });

  /** @param ids what the ids begin with */
  async function* listOf(folder: string, ids = ''): AsyncGenerator<{ id: string; info: ObjectInfo }> {
    for await (const info of store.list(folder + ids)) yield { id: idOf(info.key), info };
  }

  /** The documents of a folder in the order of their ids, many read at once. */
  async function* readAll<T>(
    kind: 'record' | 'failure' | 'trash',
    schema: z.ZodType<T>,
    { from = '', ids = '' }: { readonly from?: string; readonly ids?: string } = {},
  ): AsyncGenerator<{ id: string; value: T | null; etag: string }> {
    const limit = pLimit(READS_AT_ONCE);
    const started: { id: string; document: Promise<Stored<T> | null> }[] = [];
    async function* inOrder(most: number) {
      while (started.length > most) {
        const next = started.shift();
        const document = await next?.document;
        if (next && document) yield { id: next.id, ...document };
      }
    }
    for await (const { id, info } of listOf(FOLDERS[kind], ids)) {
      if (id < from) continue;
      const document = limit(() => readDocument(info.key, schema));
      // The error is thrown where the document is awaited.
      document.catch(() => undefined);
      started.push({ id, document });
      yield* inOrder(READS_AT_ONCE);
    }
    yield* inOrder(0);
  }

  return {
    readRecord: (id: string) => readDocument<ImageRecord>(documentKey('record', id), recordSchema),
    hasRecord: async (id: string) => (await store.head(documentKey('record', id))) !== null,
    /**
     * @param ifMatch ETag of the record that was read; null where there was none
     * @throws precondition_failed when it is another now
     */
    async writeRecord(record: ImageRecord, ifMatch: string | null): Promise<Stored<ImageRecord>> {
      const info = await writeDocument(documentKey('record', record.id), record, ifMatch);
      return { value: record, etag: info.etag };
    },
    deleteRecord: (id: string) => store.delete(documentKey('record', id)),
    /** @param ids the beginning of the ids */
    recordEtags: (ids = '') => etagsOf(listOf(FOLDERS.record, ids)),
    /** Records of these ids; one that is gone is left out. */
    async readRecords(ids: readonly string[]): Promise<Map<string, Stored<ImageRecord>>> {
      const limit = pLimit(READS_AT_ONCE);
      const read = (id: string) => readDocument<ImageRecord>(documentKey('record', id), recordSchema);
      const found = await Promise.all(ids.map(async id => [id, await limit(read, id)] as const));
      return new Map(found.flatMap(([id, record]) => (record ? [[id, record] as const] : [])));
    },

    readFailure: (id: string) => readDocument<FailureRecord>(documentKey('failure', id), failureSchema),
    hasFailure: async (id: string) => (await store.head(documentKey('failure', id))) !== null,
    writeFailure: (failure: FailureRecord) => writeDocument(documentKey('failure', failure.id), failure),
    deleteFailure: (id: string) => store.delete(documentKey('failure', id)),
    /** Failures ascending by id, from this id on. */
    async *listFailures(from = ''): AsyncGenerator<FailureRecord> {
      for await (const { value } of readAll<FailureRecord>('failure', failureSchema, { from }))
        if (value) yield value;
    },
    /** Failures of ids that begin so. */
    async *failuresOf(ids: string): AsyncGenerator<FailureRecord> {
      for await (const { value } of readAll<FailureRecord>('failure', failureSchema, { ids }))
        if (value) yield value;
    },

    /** How often a process died while it worked on the key of this id alone. */
    readCrashes: async (id: string): Promise<number> =>
      (await readDocument(documentKey('crashes', id), crashesSchema))?.value?.crashes ?? 0,
    writeCrashes: (id: string, crashes: number) => writeDocument(documentKey('crashes', id), { crashes }),
    deleteCrashes: (id: string) => store.delete(documentKey('crashes', id)),

    /** How many files the last sweep passed over, by kind; null before the first. */
    readPassedOver: async (): Promise<PassedOver | null> =>
      (await readDocument<PassedOver>(PASSED_OVER, passedOverSchema))?.value ?? null,
    writePassedOver: (passedOver: PassedOver) => writeDocument(PASSED_OVER, passedOver),

    /** ETag of what was written. */
    async writeImage(kind: DerivedImage, id: string, bytes: Uint8Array): Promise<string> {
      const info = await store.put(derivedImageKey(kind, id), bytes, { contentType: 'image/webp' });
      return info.etag;
    },
    readImage: (kind: DerivedImage, id: string) => store.get(derivedImageKey(kind, id), LARGEST_IMAGE),
    /** ETag of a thumbnail or preview; null where there is none. */
    imageEtag: async (kind: DerivedImage, id: string): Promise<string | null> =>
      (await store.head(derivedImageKey(kind, id)))?.etag ?? null,
    async deleteImages(id: string, kinds: readonly DerivedImage[] = ['thumbnail', 'preview']): Promise<void> {
      await Promise.all(kinds.map(kind => store.delete(derivedImageKey(kind, id))));
    },
    /** @param ids the beginning of the ids */
    listImages: (kind: DerivedImage, ids = '') => listOf(FOLDERS[kind], ids),

    readTrashEntry: (id: string) => readDocument<TrashEntry>(documentKey('trash', id), trashEntrySchema),
    writeTrashEntry: (entry: TrashEntry) => writeDocument(documentKey('trash', entry.record.id), entry),
    deleteTrashEntry: (id: string) => store.delete(documentKey('trash', id)),
    listTrashEntries: () => readAll<TrashEntry>('trash', trashEntrySchema),

    /** Says that the record of this id is to be found by the SHA-1 of the bytes that it is about. */
    async markVanished(sha1: string, id: string): Promise<void> {
      await store.put(vanishedKey(sha1, id), new Uint8Array(), { contentType: 'text/plain' });
    },
    unmarkVanished: (sha1: string, id: string) => store.delete(vanishedKey(sha1, id)),
    isMarkedVanished: async (sha1: string, id: string) => (await store.head(vanishedKey(sha1, id))) !== null,
    async vanishedIds(sha1: string): Promise<string[]> {
      const ids: string[] = [];
      for await (const { id } of listOf(vanishedKey(sha1, ''))) ids.push(id);
      return ids;
    },
    /** `<sha1>/<id>` of every marker. */
    async vanishedMarks(): Promise<Set<string>> {
      const marks = new Set<string>();
      for await (const info of store.list('vanished/')) marks.add(info.key.slice('vanished/'.length));
      return marks;
    },
  };
}

const crashesSchema = z.object({ crashes: z.number().int() });

/** The id in `<folder>/<id>.<extension>`. */
const idOf = (key: string): string => key.replace(/^.*\//, '').replace(/\.[^.]*$/, '');

async function etagsOf(list: AsyncIterable<{ id: string; info: ObjectInfo }>): Promise<Map<string, string>> {
  const etags = new Map<string, string>();
  for await (const { id, info } of list) etags.set(id, info.etag);
  return etags;
}
