import { parseOwnKey } from '../catalog/ids.ts';
import type { ImageRecord } from '../catalog/record.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';
import { saidOf } from './point.ts';
import { type DocumentDeps, readRecord, type Stored, writeRecord } from './records.ts';
import { twinsOf } from './twins.ts';

/**
 * A renamed file keeps what people said of it. Its record lies under the id of its old key; it is handed to
 * the key where the same bytes (by SHA-1) are found, whichever of the two keys is looked at first:
 * - the new key first: its twin in the index has a key that is gone, so the record is taken from there;
 * - the old key first: it leaves a marker `vanished/<sha1>/<id>`, by which the new key finds the record;
 * - the old key after the new one, which was a copy then: the record is handed on.
 * Uploads take no part: their id is their bytes'.
 */
export type InheritanceDeps = DocumentDeps & {
  readonly originals: ObjectStore;
  readonly index: VectorIndex;
};

/** Takes over the record of a vanished image with the same bytes; null when there is none. */
export async function inheritRecord(
  deps: InheritanceDeps,
  heir: { id: string; key: string; sha1: string },
): Promise<Stored<ImageRecord> | null> {
  for (const id of await vanishedIds(deps, heir)) {
    const found = await readRecord(deps, id);
    if (!found?.value || parseOwnKey(found.value.key)) continue;
    if (await deps.originals.head(found.value.key)) continue;
    const inherited = await writeRecord(deps, { ...found.value, ...heir }, null);
    await forget(deps, id, heir.sha1);
    return inherited;
  }
  return null;
}

/**
 * Hands the record of an image that is gone to a copy of it, or leaves the marker by which one will find it.
 * @returns the ETag of the record that is left under this id, null when it was handed on
 */
export async function bequeathRecord(
  deps: InheritanceDeps,
  gone: { id: string; sha1: string; record: Stored<ImageRecord> },
): Promise<string | null> {
  const { id, sha1, record } = gone;
  if (!record.value) return record.etag;
  for (const twin of await twinsOf(deps.index, id, sha1)) {
    if (twin.payload.record_etag !== null || !(await deps.originals.head(twin.payload.key))) continue;
    if (await readRecord(deps, twin.id)) continue;
    const handed = await writeRecord(
      deps,
      { ...record.value, id: twin.id, key: twin.payload.key, sha1 },
      null,
    );
    await deps.index.setPayload([twin.id], saidOf(twin.payload.key, handed, twin.payload.has_thumbnail));
    await forget(deps, id, sha1);
    return null;
  }
  await deps.derived.put(markerKey(sha1, id), new Uint8Array(), { contentType: 'text/plain' });
  return record.etag;
}

/** Ids of images with these bytes whose object may be gone: indexed ones, and those that left a marker. */
async function vanishedIds(
  deps: InheritanceDeps,
  { id, sha1 }: { id: string; sha1: string },
): Promise<string[]> {
  const ids: string[] = [];
  // the index before the markers: a marker is written before its point is deleted
  for (const twin of await twinsOf(deps.index, id, sha1)) ids.push(twin.id);
  for await (const marker of deps.derived.list(markerKey(sha1, ''))) {
    const markedId = marker.key.slice(markerKey(sha1, '').length);
    if (markedId !== id) ids.push(markedId);
  }
  return [...new Set(ids)];
}

async function forget(deps: InheritanceDeps, id: string, sha1: string): Promise<void> {
  await deps.derived.delete(`records/${id}.json`);
  await deps.derived.delete(markerKey(sha1, id));
}

const markerKey = (sha1: string, id: string): string => `vanished/${sha1}/${id}`;
