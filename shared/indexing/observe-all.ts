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

/** Reads index and derived store whole, once, instead of key by key. */
export async function readKnown(
  { index, store }: ObserveDeps,
  signal: AbortSignal | undefined,
): Promise<Known> {
  const points = new Map<string, PointSeen>();
  let offset: string | undefined;
  do {
    signal?.throwIfAborted();
    const page = await index.scroll({ limit: POINTS_AT_ONCE, ...(offset === undefined ? {} : { offset }) });
    for (const point of page.points) points.set(point.id, pointSeen(point));
    offset = page.next ?? undefined;
  } while (offset !== undefined);

  const recordEtags = await store.recordEtags();
  signal?.throwIfAborted();
  const unknown = [...recordEtags].filter(([id, etag]) => points.get(id)?.facts?.record_etag !== etag);
  const records = await store.readRecords(unknown.map(([id]) => id));
  signal?.throwIfAborted();
  const failures = new Map<string, FailureRecord>();
  for await (const failure of store.listFailures()) failures.set(failure.id, failure);
  signal?.throwIfAborted();
  const thumbnails = await byId(store.listImages('thumbnail'), signal);
  const previews = await byId(store.listImages('preview'), signal);
  return {
    points,
    recordEtags,
    records,
    failures,
    thumbnails,
    previews,
    vanished: await store.vanishedMarks(),
  };
}

/** The same as observe() says of the key, given what is known and what the store's list said of it. */
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
  // the record of an indexed upload that is there need not be read
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
