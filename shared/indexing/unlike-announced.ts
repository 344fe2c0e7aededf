import { mediaTypeOf } from '../catalog/formats.ts';
import { parseOwnKey, trashKey, uploadKey } from '../catalog/ids.ts';
import type { IndexDeps } from './index-original.ts';
import type { Observation } from './observe.ts';

/**
 * Gives an upload the key of the format that its content has, where another was announced. The bytes are copied
 * first and deleted last, so that whenever this is cut off, the key that the record names has them.
 */
export async function renameUpload(deps: IndexDeps, seen: Observation): Promise<void> {
  const { originals, index, store } = deps;
  const { id, key, point, record } = seen;
  const format = point?.facts?.format;
  const own = parseOwnKey(key);
  if (!own || !format || !record?.value) return;
  const renamed = uploadKey(id, format, own.area === 'uploads');
  const original = await originals.get(key, deps.maxBytes);
  if (!original) return;
  const { etag } = await originals.put(renamed, original.bytes, { contentType: mediaTypeOf(format) });
  const written = await store.writeRecord({ ...record.value, key: renamed, format }, record.etag);
  await index.setPayload([id], { key: renamed, etag, record_etag: written.etag });
  await originals.delete(key);
}

/** Moves an upload that is no image to the trash, in the order of a deletion; its failure says what it was. */
export async function rejectUpload(deps: IndexDeps, seen: Observation): Promise<void> {
  const { originals, store, now } = deps;
  const { id, key, record } = seen;
  const own = parseOwnKey(key);
  if (!own || !record?.value) return;
  await store.writeTrashEntry({ version: 1, deleted: now().toISOString(), record: record.value });
  await originals.move(key, trashKey(own.id, own.format));
  await store.deleteRecord(id);
}
