import { parseOwnKey, trashKey, uploadKey } from '../catalog/ids.ts';
import { payloadSchema } from '../catalog/payload.ts';
import { type ImageRecord, recordSchema } from '../catalog/record.ts';
import { TRASH_DAYS, type TrashEntry, type TrashedImage } from '../catalog/trash-entry.ts';
import { SemblanceError } from '../errors.ts';
import type { ObjectInfo } from '../objects/object-store.ts';
import { newRecord, notFound } from './annotations.ts';
import type { LibraryDeps } from './library-deps.ts';
import { duplicateImage, storedWith } from './uploads.ts';

/**
 * Moves an upload to the trash. In this order: its trash entry, so that it can be restored whatever happens next;
 * the point, so that nothing is found that doesn't load; the original, by which it counts as deleted; the rest.
 */
export async function moveToTrash(deps: LibraryDeps, id: string): Promise<void> {
  const { originals, index, store, events, now } = deps;
  const record = await recordToKeep(deps, id);
  const own = parseOwnKey(record.key);
  if (!own)
    throw new SemblanceError('not_an_upload', `${id} is ${record.key}, a file of your folder or bucket`);
  await store.writeTrashEntry({ version: 1, deleted: now().toISOString(), record });
  await index.delete([id]);
  await originals.move(record.key, trashKey(id, own.format));
  await store.deleteRecord(id);
  await store.deleteImages(id);
  await store.deleteFailure(id);
  events.emit({ type: 'removed', id, key: record.key });
}

/** @throws not_found where nothing of this id is there */
async function recordToKeep({ index, store, originals, now }: LibraryDeps, id: string): Promise<ImageRecord> {
  const [[point], record, failure] = await Promise.all([
    index.retrieve([id]),
    store.readRecord(id),
    store.readFailure(id),
  ]);
  if (point) return record?.value ?? newRecord(id, payloadSchema.parse(point.payload), now());
  const known = record?.value;
  const key = known?.key ?? failure?.value?.key;
  if (key === undefined) throw notFound(id);
  const isThere = parseOwnKey(key) !== null || failure !== null || (await originals.head(key)) !== null;
  if (!isThere) throw notFound(id);
  return known ?? bareRecord(id, key, now());
}

/** The record of an upload of which nothing is known but its key. */
const bareRecord = (id: string, key: string, created: Date): ImageRecord =>
  recordSchema.parse({
    id,
    key,
    format: parseOwnKey(key)?.format ?? null,
    created: created.toISOString(),
    local: parseOwnKey(key)?.area !== 'remote',
  });

/** See Library.restore. The record comes first: an upload without one that was deleted would be deleted again. */
export async function restoreFromTrash(deps: LibraryDeps, id: string): Promise<void> {
  const { originals, index, store, queue } = deps;
  const trashed = await findTrashed(deps, id);
  if (!trashed) throw new SemblanceError('not_found', `${id} is not in the trash`);
  const { object, entry } = trashed;
  const record = entry?.record ?? recordOfTrashed(object);
  const sameBytes = record.sha1 && (await storedWith(index, record.sha1));
  if (sameBytes) throw duplicateImage(sameBytes);
  if (await originals.head(record.key)) throw duplicateImage(id);
  const before = await store.readRecord(id);
  await store.writeRecord(record, before?.etag ?? null);
  await originals.move(object.key, record.key);
  await store.deleteTrashEntry(id);
  await queue.send([record.key]);
}

/** See Library.trash. What is listed is what has its bytes; an entry without them can't be restored. */
export async function listTrash(deps: LibraryDeps): Promise<TrashedImage[]> {
  const entries = await trashEntries(deps);
  const images: TrashedImage[] = [];
  for await (const object of deps.originals.list('_deleted/')) {
    const id = parseOwnKey(object.key)?.id;
    if (id === undefined) continue;
    const entry = entries.get(id);
    const deleted = entry?.deleted ?? object.modified.toISOString();
    const emptied = new Date(Date.parse(deleted) + TRASH_DAYS * 86_400_000).toISOString();
    images.push({ id, name: entry?.record.name ?? null, bytes: object.bytes, deleted, emptied });
  }
  return images.sort((a, b) => (a.deleted < b.deleted ? 1 : -1));
}

/**
 * See Library.emptyTrash. For an image that was deleted before there were trash entries no time is known: it is removed
 * only with all others, or by its id.
 */
export async function emptyTrash(
  deps: LibraryDeps,
  { ids, before }: { readonly ids?: readonly string[]; readonly before?: Date } = {},
): Promise<number> {
  const { originals, store } = deps;
  const entries = await trashEntries(deps);
  const isChosen = (id: string): boolean => {
    const deleted = entries.get(id)?.deleted;
    return (
      (!ids || ids.includes(id)) && (!before || (deleted !== undefined && deleted < before.toISOString()))
    );
  };
  let count = 0;
  const emptied = new Set<string>();
  const chosen: string[] = [];
  for await (const { key } of originals.list('_deleted/')) chosen.push(key);
  for (const key of chosen) {
    const id = parseOwnKey(key)?.id;
    if (id === undefined || !isChosen(id)) continue;
    await originals.delete(key);
    emptied.add(id);
    count++;
  }
  for (const id of entries.keys()) if (emptied.has(id) || isChosen(id)) await store.deleteTrashEntry(id);
  return count;
}

async function trashEntries({ store }: LibraryDeps): Promise<Map<string, TrashEntry>> {
  const entries = new Map<string, TrashEntry>();
  for await (const { id, value } of store.listTrashEntries()) if (value) entries.set(id, value);
  return entries;
}

async function findTrashed(
  { originals, store }: LibraryDeps,
  id: string,
): Promise<{ object: ObjectInfo; entry: TrashEntry | null } | null> {
  const entry = (await store.readTrashEntry(id))?.value ?? null;
  for await (const object of originals.list(`_deleted/${id}.`)) return { object, entry };
  return null;
}

/** The record of an upload that was deleted before the trash stored records. */
function recordOfTrashed({ key, modified }: ObjectInfo): ImageRecord {
  const own = parseOwnKey(key);
  if (!own) throw new SemblanceError('not_found', `${key} is no upload`);
  return bareRecord(own.id, uploadKey(own.id, own.format, true), modified);
}
