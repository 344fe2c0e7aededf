import { idOfKey, parseOwnKey } from '../catalog/ids.ts';
import { passedOverKind } from '../catalog/passed-over.ts';
import type { FailureRecord, ImageRecord } from '../catalog/record.ts';
import { isIgnoredKey, isTrashKey } from '../objects/keys.ts';
import type { ObjectInfo } from '../objects/object-store.ts';
import type { Stored } from './derived-store.ts';
import {
  type Observation,
  type ObserveDeps,
  type Obstacle,
  ownerOf,
  type PointSeen,
  pointSeen,
  SEEN_FIELDS,
} from './observe.ts';

/** Everything that is known but for the objects, by id. */
export type Known = {
  readonly points: ReadonlyMap<string, PointSeen>;
  readonly recordEtags: ReadonlyMap<string, string>;
  /** Records that the index does not reflect; of the others the payload says all that a decision needs. */
  readonly records: ReadonlyMap<string, Stored<ImageRecord>>;
  readonly failures: ReadonlyMap<string, FailureRecord>;
  readonly thumbnails: ReadonlyMap<string, ObjectInfo>;
  readonly previews: ReadonlyMap<string, ObjectInfo>;
  readonly vanished: ReadonlySet<string>;
};

const POINTS_AT_ONCE = 1000;

/**
 * Reads index and derived store once, instead of key by key.
 * @param ids what the ids begin with: hex digits, '' for all of them
 */
export async function readKnown(
  { index, store }: ObserveDeps,
  ids: string,
  signal: AbortSignal | undefined,
): Promise<Known> {
  // The points are read first: an image that is indexed meanwhile has its thumbnail when those are listed.
  const points = await readPoints(index, ids, signal);
  const [recordEtags, failures, thumbnails, previews, vanished] = await Promise.all([
    store.recordEtags(ids),
    readFailures(store, ids, signal),
    byId(store.listImages('thumbnail', ids), signal),
    byId(store.listImages('preview', ids), signal),
    store.vanishedMarks(),
  ]);
  signal?.throwIfAborted();
  const unknown = [...recordEtags].filter(([id, etag]) => points.get(id)?.facts?.record_etag !== etag);
  const records = await store.readRecords(unknown.map(([id]) => id));
  return { points, recordEtags, records, failures, thumbnails, previews, vanished };
}

async function readPoints(
  index: ObserveDeps['index'],
  ids: string,
  signal: AbortSignal | undefined,
): Promise<Map<string, PointSeen>> {
  const points = new Map<string, PointSeen>();
  let offset: string | undefined = ids === '' ? undefined : firstUuid(ids);
  do {
    signal?.throwIfAborted();
    const page = await index.scroll({ limit: POINTS_AT_ONCE, offset, payload: SEEN_FIELDS });
    for (const point of page.points) {
      if (!point.id.startsWith(ids)) return points;
      points.set(point.id, pointSeen(point));
    }
    offset = page.next ?? undefined;
  } while (offset?.startsWith(ids));
  return points;
}

/** The lowest UUID that begins so. */
const firstUuid = (ids: string): string => ids + '00000000-0000-0000-0000-000000000000'.slice(ids.length);

async function readFailures(
  store: ObserveDeps['store'],
  ids: string,
  signal: AbortSignal | undefined,
): Promise<Map<string, FailureRecord>> {
  const failures = new Map<string, FailureRecord>();
  for await (const failure of store.failuresOf(ids)) {
    signal?.throwIfAborted();
    failures.set(failure.id, failure);
  }
  return failures;
}

/** The same as observe() returns for the key, from what is known and what the store's list says of it. */
export async function observeKnown(
  deps: ObserveDeps,
  known: Known,
  key: string,
  found: { readonly object: ObjectInfo | null; readonly obstacle: Obstacle | null },
): Promise<Observation> {
  const id = idOfKey(key, deps.namespace);
  const own = parseOwnKey(key) !== null;
  const point = known.points.get(id) ?? null;
  const etag = known.recordEtags.get(id);
  const record = known.records.get(id) ?? (etag === undefined ? null : { value: null, etag });
  const object = isIgnoredKey(key) || passedOverKind(key) ? null : found.object;
  const sha1 = point?.facts?.sha1 ?? record?.value?.sha1 ?? null;
  // The record of an indexed upload whose object exists need not be read.
  const mayBeTrashed = own && (!object || !record);
  return {
    key,
    id,
    object,
    obstacle: found.obstacle,
    record,
    point,
    failure: known.failures.get(id) ?? null,
    thumbnail: known.thumbnails.get(id)?.etag ?? null,
    preview: known.previews.get(id)?.etag ?? null,
    trashed: mayBeTrashed ? ((await deps.store.readTrashEntry(id))?.value?.deleted ?? null) : null,
    vanished: !own && !object && record !== null && sha1 !== null && known.vanished.has(`${sha1}/${id}`),
    owner: await ownerOf(deps.originals, key, { record, point }),
  };
}

/** A key of every image that is known and not among the listed ones; '' where its point no longer names one. */
export function* keysOfKnown(known: Known): Generator<{ id: string; key: string }> {
  const ids = new Set([...known.points.keys(), ...known.records.keys(), ...known.failures.keys()]);
  for (const id of ids) {
    const key =
      known.points.get(id)?.facts?.key ??
      known.records.get(id)?.value?.key ??
      known.failures.get(id)?.key ??
      '';
    if (!isTrashKey(key)) yield { id, key };
  }
}

async function byId(
  list: AsyncIterable<{ id: string; info: ObjectInfo }>,
  signal: AbortSignal | undefined,
): Promise<Map<string, ObjectInfo>> {
  const found = new Map<string, ObjectInfo>();
  for await (const { id, info } of list) {
    signal?.throwIfAborted();
    found.set(id, info);
  }
  return found;
}
