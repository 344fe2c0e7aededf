import { idOfKey, parseOwnKey } from '../catalog/ids.ts';
import { passedOverKind } from '../catalog/passed-over.ts';
import { type ImagePayload, type OcrError, payloadSchema, wordsState } from '../catalog/payload.ts';
import type { FailureRecord, ImageRecord } from '../catalog/record.ts';
import { isHiddenKey } from '../objects/keys.ts';
import type { ObjectInfo, ObjectStore } from '../objects/object-store.ts';
import type { StoredPoint, VectorIndex } from '../vectors/vector-index.ts';
import type { DerivedStore, Stored } from './derived-store.ts';

/** All that is known of a key: what decide.ts decides by. */
export type Observation = {
  readonly key: string;
  readonly id: string;
  /** Null where nothing is under the key, or where it is hidden or by its name no image. */
  readonly object: ObjectInfo | null;
  /** Set where the store has something of this name that it can't give; then `object` is null. */
  readonly obstacle: Obstacle | null;
  readonly record: Stored<ImageRecord> | null;
  readonly point: PointSeen | null;
  readonly failure: FailureRecord | null;
  /** ETags; null where there is none. */
  readonly thumbnail: string | null;
  readonly preview: string | null;
  /** When an upload of this id was moved to the trash (RFC 3339), if it lies there. */
  readonly trashed: string | null;
  /** Whether the record of an image that is gone waits for its bytes to come back under another name. */
  readonly vanished: boolean;
  /** The other key whose image has this id: an upload may have been kept here first and elsewhere now. */
  readonly owner: string | null;
};

/** Why the store can't give what it has: the code is one of a failure. */
export type Obstacle = Pick<FailureRecord, 'code' | 'message' | 'advice'> &
  Partial<Pick<FailureRecord, 'parameters'>>;

/** `facts` is null where this version can't read the payload: it is as good as outdated. */
export type PointSeen = { readonly facts: PointFacts | null };

/** What a decision needs of a payload. */
export type PointFacts = Pick<
  ImagePayload,
  | 'key'
  | 'etag'
  | 'sha1'
  | 'format'
  | 'record_etag'
  | 'has_thumbnail'
  | 'has_preview'
  | 'thumbnail_etag'
  | 'preview_etag'
> & {
  readonly bytes: number;
  readonly words: ReturnType<typeof wordsState>;
  readonly wordsError: OcrError | null;
  /** Whether words were found in it. */
  readonly lettered: boolean;
};

/** Payload fields of which a decision depends, or that a payload of this version must have: all but the long ones. */
export const SEEN_FIELDS = Object.keys(payloadSchema.shape).filter(
  field => field !== 'ocr_lines' && field !== 'ocr_phrase',
);

export function pointSeen({ payload }: StoredPoint): PointSeen {
  const { data } = payloadSchema.safeParse(payload);
  if (!data) return { facts: null };
  const {
    key,
    etag,
    sha1,
    format,
    bytes,
    record_etag,
    has_thumbnail,
    has_preview,
    thumbnail_etag,
    preview_etag,
  } = data;
  const images = { has_thumbnail, has_preview, thumbnail_etag, preview_etag };
  const words = {
    words: wordsState(data),
    wordsError: data.ocr_error,
    lettered: Boolean(data.ocr_text),
  };
  return { facts: { key, etag, sha1, format, bytes, record_etag, ...images, ...words } };
}

export type ObserveDeps = {
  readonly originals: ObjectStore;
  readonly index: VectorIndex;
  readonly store: DerivedStore;
  /** UUID; see idOfKey. */
  readonly namespace: string;
};

/** Reads everything that is known of a key now. */
export async function observe(deps: ObserveDeps, key: string): Promise<Observation> {
  const { originals, index, store, namespace } = deps;
  const id = idOfKey(key, namespace);
  const own = parseOwnKey(key) !== null;
  const [object, record, points, failure, thumbnail, preview, trashed] = await Promise.all([
    isHiddenKey(key) || passedOverKind(key) ? null : originals.head(key),
    store.readRecord(id),
    index.retrieve([id], { payload: SEEN_FIELDS }),
    store.readFailure(id),
    store.imageEtag('thumbnail', id),
    store.imageEtag('preview', id),
    own ? store.readTrashEntry(id) : null,
  ]);
  const point = points[0] ? pointSeen(points[0]) : null;
  const sha1 = point?.facts?.sha1 ?? record?.value?.sha1 ?? null;
  return {
    key,
    id,
    object,
    obstacle: null,
    record,
    point,
    failure: failure?.value ?? null,
    thumbnail,
    preview,
    trashed: trashed?.value?.deleted ?? null,
    vanished: !own && !object && record !== null && sha1 !== null && (await store.isMarkedVanished(sha1, id)),
    owner: await ownerOf(originals, key, { record, point }),
  };
}

/** Of an upload's id: the record names its key; without one the key that is indexed, as long as it is there. */
export async function ownerOf(
  originals: ObjectStore,
  key: string,
  { record, point }: Pick<Observation, 'record' | 'point'>,
): Promise<string | null> {
  if (!parseOwnKey(key)) return null;
  if (record?.value) return record.value.key === key ? null : record.value.key;
  const indexed = point?.facts?.key ?? key;
  return indexed !== key && (await originals.head(indexed)) ? indexed : null;
}
