import { parseOwnKey } from '../catalog/ids.ts';
import type { ImageRecord } from '../catalog/record.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';
import type { DerivedStore, Stored } from './derived-store.ts';
import { type Duplicate, duplicatesOf } from './duplicates.ts';
import { annotationsOf } from './point.ts';

/**
 * Annotations follow the bytes of an image: a renamed file keeps them. Its record is stored under the id of its old
 * key; it is handed over to the key where the same bytes (by SHA-1) are found, whichever of the two keys is
 * looked at first:
 * - the new key first: its duplicate in the index has a key that is gone, so the record is taken from there;
 * - the old key first: it leaves the marker `vanished/<sha1>/<id>`, by which the new key finds the record;
 * - the old key after the new one, which was a copy then: the record is handed over to the copy.
 * Uploads take no part: their id is a function of their bytes.
 */
export type HandOverDeps = {
  readonly originals: ObjectStore;
  readonly index: VectorIndex;
  readonly store: DerivedStore;
};

type NewImage = { readonly id: string; readonly key: string; readonly sha1: string };

/**
 * The image that had these bytes under another name, which is gone; null where there is none. One with a record
 * comes first.
 */
export async function findRenamed(
  { originals }: HandOverDeps,
  duplicates: readonly Duplicate[],
): Promise<Duplicate | null> {
  const recordFirst = duplicates.toSorted(
    (a, b) => Number(a.payload.record_etag === null) - Number(b.payload.record_etag === null),
  );
  for (const duplicate of recordFirst) if (!(await originals.head(duplicate.payload.key))) return duplicate;
  return null;
}

/** Takes over the record of an image that is gone and had the same bytes; null when there is none. */
export async function takeOverRecord(
  deps: HandOverDeps,
  image: NewImage,
  renamed: Duplicate | null,
): Promise<Stored<ImageRecord> | null> {
  const { store } = deps;
  // The index is read before the markers, since a marker is written before its point is deleted.
  const ids = [...(renamed ? [renamed.id] : []), ...(await store.vanishedIds(image.sha1))];
  for (const id of new Set(ids)) {
    if (id === image.id) continue;
    const found = await store.readRecord(id);
    if (!found?.value || parseOwnKey(found.value.key)) continue;
    if (await deps.originals.head(found.value.key)) continue;
    const taken = await store.writeRecord({ ...found.value, ...image }, null);
    await forget(store, id, image.sha1);
    return taken;
  }
  return null;
}

/** Hands the record of an image that is gone over to a copy of it, or leaves the marker by which one finds it. */
export async function handOverRecord(
  deps: HandOverDeps,
  { id, sha1, record }: { id: string; sha1: string; record: ImageRecord },
): Promise<void> {
  const { originals, index, store } = deps;
  for (const copy of await duplicatesOf(index, sha1)) {
    const { key, record_etag, has_thumbnail } = copy.payload;
    if (copy.id === id || record_etag !== null || !(await originals.head(key))) continue;
    if (await store.hasRecord(copy.id)) continue;
    const handed = await store.writeRecord({ ...record, id: copy.id, key, sha1 }, null);
    await index.setPayload([copy.id], annotationsOf(key, handed, has_thumbnail));
    await forget(store, id, sha1);
    return;
  }
  await store.markVanished(sha1, id);
}

async function forget(store: DerivedStore, id: string, sha1: string): Promise<void> {
  await store.deleteRecord(id);
  await store.unmarkVanished(sha1, id);
}
