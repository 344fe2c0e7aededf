import { failureKey, previewKey, recordKey, thumbnailKey } from '../catalog/derived-keys.ts';
import { parseOwnKey, uploadId, uploadKey } from '../catalog/ids.ts';
import { type ImagePayload, payloadSchema } from '../catalog/payload.ts';
import type { FailureRecord, ImageRecord } from '../catalog/record.ts';
import { hasCode, SemblanceError } from '../errors.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';
import type { LibraryEvents } from './events.ts';
import type { Library, RecordChange, Upload } from './library.ts';
import { saidOf } from './point.ts';
import {
  type DocumentDeps,
  listFailures,
  readFailure,
  readRecord,
  type Stored,
  writeFailure,
  writeRecord,
} from './records.ts';

export type LibraryDeps = DocumentDeps & {
  readonly originals: ObjectStore;
  readonly index: VectorIndex;
  readonly queue: WorkQueue;
  readonly events: LibraryEvents;
  readonly now?: () => Date;
};

/** How often a change is tried against others made at the same moment. */
const MOST_TRIES = 10;

/** The collection of images as API and CLI use it; see library.ts. */
export function openLibrary(deps: LibraryDeps): Library {
  const { originals, derived, index, queue } = deps;
  const now = deps.now ?? (() => new Date());
  /** Ids whose upload or removal is under way in this process: another upload is a duplicate as yet. */
  const busy = new Set<string>();
  async function alone<T>(id: string, taken: () => Error, work: () => Promise<T>): Promise<T> {
    if (busy.has(id)) throw taken();
    busy.add(id);
    try {
      return await work();
    } finally {
      busy.delete(id);
    }
  }

  async function payloadOf(id: string): Promise<ImagePayload | null> {
    const [point] = await index.retrieve([id]);
    return point ? payloadSchema.parse(point.payload) : null;
  }

  async function state(id: string) {
    const [indexed] = await index.retrieve([id]);
    if (indexed) return 'indexed';
    const [failure, record] = await Promise.all([derived.head(failureKey(id)), derived.head(recordKey(id))]);
    return failure ? 'failed' : record ? 'queued' : 'unknown';
  }

  async function findBySha1(sha1s: readonly string[]): Promise<(string | null)[]> {
    const wanted = [...new Set(sha1s.map(sha1 => sha1.toLowerCase()))];
    const stored = new Map<string, string>();
    for (let start = 0; start < wanted.length; start += HASHES_AT_ONCE) {
      const some = wanted.slice(start, start + HASHES_AT_ONCE);
      for await (const point of pointsWith(index, some)) {
        // of several with the same bytes the upload, else the lowest id
        const isUpload = point.id === uploadId(point.sha1);
        if (isUpload || !stored.has(point.sha1)) stored.set(point.sha1, point.id);
      }
    }
    return Promise.all(
      sha1s.map(async text => {
        const sha1 = text.toLowerCase();
        const found = stored.get(sha1);
        if (found !== undefined) return found;
        return (await derived.head(recordKey(uploadId(sha1)))) ? uploadId(sha1) : null;
      }),
    );
  }

  /** Writes the record of an upload that is about to come; its key. */
  async function expectUpload(upload: Omit<Upload, 'body'>): Promise<{ id: string; key: string }> {
    const id = uploadId(upload.sha1);
    const key = uploadKey(id, upload.format, upload.record.local);
    const [sameBytes] = await findStored(upload.sha1);
    if (sameBytes !== undefined) throw duplicate(sameBytes);
    const before = await readRecord(deps, id);
    const failed = await readFailure(deps, id);
    // without its object the record is of an upload that never came; with a failure it may be tried again
    if (before?.value && !failed && (await originals.head(before.value.key))) throw duplicate(id);
    const record: ImageRecord = {
      version: 1,
      id,
      key,
      sha1: upload.sha1.toLowerCase(),
      format: upload.format,
      created: now().toISOString(),
      ...upload.record,
    };
    try {
      await writeRecord(deps, record, before?.etag ?? null);
    } catch (error) {
      if (hasCode(error, 'precondition_failed')) throw duplicate(id);
      throw error;
    }
    if (failed) await derived.delete(failureKey(id));
    return { id, key };
  }

  const findStored = async (sha1: string): Promise<string[]> => {
    const ids: string[] = [];
    for await (const point of pointsWith(index, [sha1.toLowerCase()])) ids.push(point.id);
    return ids;
  };

  return {
    state,
    findBySha1,
    expectUpload,

    async upload(upload) {
      const id = uploadId(upload.sha1);
      return alone(
        id,
        () => duplicate(id),
        async () => {
          const { key } = await expectUpload(upload);
          await originals.put(key, upload.body, { contentType: `image/${upload.format}` });
          await queue.send([key]);
          return { id };
        },
      );
    },

    async update(id, change) {
      for (let attempt = 1; ; attempt++) {
        const payload = await payloadOf(id);
        if (!payload) throw notFound(id);
        assertChangeable(payload, change);
        const record = await readRecord(deps, id);
        try {
          const written = await writeRecord(
            deps,
            { ...(record?.value ?? recordOf(id, payload, now())), ...defined(change) },
            record?.etag ?? null,
          );
          await applyRecord(deps, id, payload, written);
          return;
        } catch (error) {
          if (!hasCode(error, 'precondition_failed') || attempt === MOST_TRIES) throw error;
        }
      }
    },

    async remove(id) {
      const [payload, failure] = await Promise.all([payloadOf(id), readFailure(deps, id)]);
      const key = payload?.key ?? failure?.value?.key;
      if (key === undefined) throw notFound(id);
      const own = parseOwnKey(key);
      if (!own) throw new SemblanceError('not_an_upload', `${id} is ${key}, a file of your folder or bucket`);
      await alone(
        id,
        () => notFound(id),
        async () => {
          await index.delete([id]);
          await originals.move(key, `_deleted/${own.id}.${own.format}`);
          for (const gone of [thumbnailKey(id), previewKey(id), recordKey(id), failureKey(id)])
            await derived.delete(gone);
        },
      );
      deps.events.emit({ type: 'removed', id, key });
    },

    async failures() {
      const failures: FailureRecord[] = [];
      for await (const failure of listFailures(deps)) failures.push(failure);
      return failures;
    },

    async retry(ids) {
      const chosen = ids && new Set(ids);
      const keys: string[] = [];
      for await (const failure of listFailures(deps)) {
        if (chosen && !chosen.has(failure.id)) continue;
        // no object has this ETag, so it counts as changed
        await writeFailure(deps, { ...failure, etag: '' });
        keys.push(failure.key);
      }
      await queue.send(keys);
      return keys.length + (chosen ? 0 : await queue.redrive());
    },

    async counts() {
      const [images, { waiting }] = await Promise.all([index.count(), queue.counts()]);
      return { images, queued: waiting };
    },

    subscribe: listener => deps.events.subscribe(listener),
  };
}

const HASHES_AT_ONCE = 100;

async function* pointsWith(index: VectorIndex, sha1s: readonly string[]) {
  let offset: string | undefined;
  do {
    const page = await index.scroll({
      filter: { must: [{ key: 'sha1', match: { any: [...sha1s] } }] },
      limit: 1000,
      ...(offset === undefined ? {} : { offset }),
    });
    for (const { id, payload } of page.points) {
      const { sha1 } = payload;
      if (typeof sha1 === 'string') yield { id, sha1 };
    }
    offset = page.next ?? undefined;
  } while (offset !== undefined);
}

/** Sets the point to its record, and again where the record was changed at the same moment. */
async function applyRecord(
  deps: LibraryDeps,
  id: string,
  payload: ImagePayload,
  written: Stored<ImageRecord>,
): Promise<void> {
  let record = written;
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    await deps.index.setPayload([id], saidOf(payload.key, record, payload.has_thumbnail));
    const latest = await readRecord(deps, id);
    if (!latest || latest.etag === record.etag) return;
    record = latest;
  }
}

/** The record of an image of which nobody said anything so far. */
const recordOf = (id: string, payload: ImagePayload, now: Date): ImageRecord => ({
  version: 1,
  id,
  key: payload.key,
  sha1: payload.sha1,
  format: payload.format,
  created: now.toISOString(),
  local: payload.local,
  url: payload.url,
  thumbnail_url: payload.thumbnail_url,
  thumbnail: payload.has_thumbnail ? 'always' : 'never',
  starred: payload.starred,
  categories: payload.categories,
  comments: payload.comments,
  skip_ocr: false,
});

function assertChangeable(payload: ImagePayload, change: RecordChange): void {
  if (change.url !== undefined && payload.local)
    throw new SemblanceError('invalid_request', 'The url of an image that is stored here can not be changed');
  if (change.thumbnail_url !== undefined && (payload.local || payload.has_thumbnail))
    throw new SemblanceError(
      'invalid_request',
      'The thumbnail_url of an image whose thumbnail is stored here can not be changed',
    );
}

const defined = (change: RecordChange) =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

const duplicate = (id: string) =>
  new SemblanceError('duplicate_image', `These bytes are stored already as ${id}`);
const notFound = (id: string) => new SemblanceError('not_found', `There is no image ${id}`);
