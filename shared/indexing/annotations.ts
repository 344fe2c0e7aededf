import { setTimeout as sleep } from 'node:timers/promises';
import { keptCategories, normalCategory } from '../catalog/categories.ts';
import { parseOwnKey } from '../catalog/ids.ts';
import { type ImagePayload, payloadSchema } from '../catalog/payload.ts';
import type { ImageRecord } from '../catalog/record.ts';
import { hasCode, SemblanceError } from '../errors.ts';
import type { Stored } from './derived-store.ts';
import { type AnnotationChange, annotationVersion } from './library.ts';
import type { LibraryDeps } from './library-deps.ts';
import { annotationsOf } from './point.ts';

/** How often a change is tried against others that other processes make at the same moment. */
const MOST_TRIES = 20;

/** Changes the record of an image, then its point if it has one. See Library.update. */
export async function updateAnnotations(
  deps: LibraryDeps,
  id: string,
  change: AnnotationChange,
): Promise<{ version: string }> {
  const { store, events, now } = deps;
  for (let attempt = 1; ; attempt++) {
    const [payload, stored] = await Promise.all([payloadOf(deps, id), store.readRecord(id)]);
    const before = stored?.value ?? (payload && newRecord(id, payload, now()));
    if (!before || (!payload && (await isForgotten(deps, before)))) throw notFound(id);
    assertVersion(stored?.etag ?? null, change);
    assertChangeable(before, payload, change);
    try {
      const written = await store.writeRecord(changed(before, change), stored?.etag ?? null);
      const latest = payload ? await applyRecord(deps, id, payload, written) : written;
      events.emit({ type: 'updated', id, key: before.key });
      return { version: annotationVersion(latest.etag) };
    } catch (error) {
      if (!hasCode(error, 'precondition_failed') || attempt === MOST_TRIES) throw error;
      await sleep(Math.random() * 20 * attempt);
    }
  }
}

/** A record whose file is gone waits for its bytes under another name; nothing of that id is there to change. */
const isForgotten = async ({ originals }: LibraryDeps, { key }: ImageRecord): Promise<boolean> =>
  !parseOwnKey(key) && !(await originals.head(key));

async function payloadOf({ index }: LibraryDeps, id: string): Promise<ImagePayload | null> {
  const [point] = await index.retrieve([id]);
  return point ? payloadSchema.parse(point.payload) : null;
}

/** Sets the point to its record, and again where the record was changed at the same moment. */
async function applyRecord(
  { index, store }: LibraryDeps,
  id: string,
  payload: ImagePayload,
  written: Stored<ImageRecord>,
): Promise<Stored<ImageRecord>> {
  let record = written;
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    await index.setPayload([id], annotationsOf(payload.key, record, payload.has_thumbnail));
    const latest = await store.readRecord(id);
    if (!latest || latest.etag === record.etag) return record;
    record = latest;
  }
  return record;
}

function changed(before: ImageRecord, change: AnnotationChange): ImageRecord {
  const { categories, addCategories, removeCategories, ifVersion: _ifVersion, ...fields } = change;
  const record = { ...before, ...defined(fields) };
  if (!categories && !addCategories && !removeCategories) return record;
  const base = categories ? keptCategories(categories) : (before.categories ?? []);
  const removed = new Set(removeCategories?.map(normalCategory));
  const all = new Set([...base, ...keptCategories(addCategories ?? [])]);
  return { ...record, categories: [...all].filter(name => !removed.has(normalCategory(name))) };
}

const defined = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The record of an image without annotations. */
export const newRecord = (id: string, payload: ImagePayload, now: Date): ImageRecord => ({
  version: 1,
  id,
  key: payload.key,
  sha1: payload.sha1,
  format: payload.format,
  name: null,
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

function assertVersion(etag: string | null, { ifVersion }: AnnotationChange): void {
  if (ifVersion === undefined || ifVersion === annotationVersion(etag)) return;
  throw new SemblanceError(
    'version_conflict',
    `The annotations have version ${annotationVersion(etag)}, not ${ifVersion}`,
  );
}

function assertChangeable(record: ImageRecord, payload: ImagePayload | null, change: AnnotationChange): void {
  if (change.url !== undefined && record.local)
    throw new SemblanceError('invalid_request', 'The url of an image that is stored here can not be changed');
  const hasThumbnail = payload ? payload.has_thumbnail : record.thumbnail !== 'never';
  if (change.thumbnail_url !== undefined && (record.local || hasThumbnail))
    throw new SemblanceError(
      'invalid_request',
      'The thumbnail_url of an image whose thumbnail is stored here can not be changed',
    );
}

export const notFound = (id: string): SemblanceError =>
  new SemblanceError('not_found', `There is no image ${id}`);
