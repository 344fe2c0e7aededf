import { keptCategories } from '../catalog/categories.ts';
import { uploadId, uploadKey } from '../catalog/ids.ts';
import type { ImageRecord } from '../catalog/record.ts';
import { hasCode, SemblanceError } from '../errors.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';
import type { Upload } from './library.ts';
import type { LibraryDeps } from './library-deps.ts';

const HASHES_AT_ONCE = 100;

/** See Library.findBySha1. */
export async function findBySha1(
  { index, store }: Pick<LibraryDeps, 'index' | 'store'>,
  sha1s: readonly string[],
): Promise<(string | null)[]> {
  const wanted = [...new Set(sha1s.map(sha1 => sha1.toLowerCase()))];
  const stored = new Map<string, string>();
  for (let start = 0; start < wanted.length; start += HASHES_AT_ONCE) {
    const some = wanted.slice(start, start + HASHES_AT_ONCE);
    for await (const point of pointsWith(index, some)) {
      // Of several images with the same bytes, the upload; where none is an upload, the one with the lowest id.
      const isUpload = point.id === uploadId(point.sha1);
      if (isUpload || !stored.has(point.sha1)) stored.set(point.sha1, point.id);
    }
  }
  return Promise.all(
    sha1s.map(async text => {
      const sha1 = text.toLowerCase();
      const found = stored.get(sha1);
      if (found !== undefined) return found;
      return (await store.hasRecord(uploadId(sha1))) ? uploadId(sha1) : null;
    }),
  );
}

/** Writes the record of an upload that is about to come; its key. See Library.expectUpload. */
export async function expectUpload(
  { index, originals, store, now }: LibraryDeps,
  upload: Omit<Upload, 'body'>,
): Promise<{ id: string; key: string }> {
  const id = uploadId(upload.sha1);
  const key = uploadKey(id, upload.format, upload.record.local);
  const { categories } = upload.record;
  const record: ImageRecord = {
    version: 1,
    id,
    key,
    sha1: upload.sha1.toLowerCase(),
    format: upload.format,
    name: null,
    ...upload.record,
    categories: categories && keptCategories(categories),
    created: now().toISOString(),
  };
  const sameBytes = await storedWith(index, upload.sha1);
  if (sameBytes !== null) throw duplicateImage(sameBytes);
  const before = await store.readRecord(id);
  const failed = await store.hasFailure(id);
  // A record without its object is that of an upload that never came; after a failure it may be tried again.
  if (before?.value && !failed && (await originals.head(before.value.key))) throw duplicateImage(id);
  try {
    await store.writeRecord(record, before?.etag ?? null);
  } catch (error) {
    if (hasCode(error, 'precondition_failed')) throw duplicateImage(id);
    throw error;
  }
  if (failed) await store.deleteFailure(id);
  return { id, key };
}

/** Id of an indexed image with these bytes; null where there is none. */
export async function storedWith(index: VectorIndex, sha1: string): Promise<string | null> {
  for await (const { id } of pointsWith(index, [sha1.toLowerCase()])) return id;
  return null;
}

export const duplicateImage = (id: string): SemblanceError =>
  new SemblanceError('duplicate_image', `These bytes are stored already as ${id}`);

async function* pointsWith(index: VectorIndex, sha1s: readonly string[]) {
  let offset: string | undefined;
  do {
    const page = await index.scroll({
      filter: { must: [{ key: 'sha1', match: { any: [...sha1s] } }] },
      limit: 1000,
      payload: ['sha1'],
      ...(offset === undefined ? {} : { offset }),
    });
    for (const { id, payload } of page.points) {
      const { sha1 } = payload;
      if (typeof sha1 === 'string') yield { id, sha1 };
    }
    offset = page.next ?? undefined;
  } while (offset !== undefined);
}
