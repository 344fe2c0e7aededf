import { VISION } from '../catalog/collection.ts';
import { failureKey, previewKey, recordKey, thumbnailKey } from '../catalog/derived-keys.ts';
import { idOfKey, parseOwnKey } from '../catalog/ids.ts';
import { type ImagePayload, payloadSchema } from '../catalog/payload.ts';
import type { FailureRecord, ImageRecord } from '../catalog/record.ts';
import { hasCode, SemblanceError } from '../errors.ts';
import { assertKey, isIgnoredKey } from '../objects/keys.ts';
import type { ObjectInfo } from '../objects/object-store.ts';
import { type DescribeDeps, describeOriginal, readWordsOf } from './describe-original.ts';
import { ImageError, ofImage } from './image-failure.ts';
import { bequeathRecord, inheritRecord } from './inheritance.ts';
import { pointOf, pointWithWords, saidOf, wantsThumbnail } from './point.ts';
import { readFailure, readRecord, type Stored, writeFailure, writeRecord } from './records.ts';

export type ReconcileDeps = DescribeDeps & {
  /** UUID; see idOfKey. */
  readonly namespace: string;
  /** Whether words in images are read. */
  readonly ocr: boolean;
  readonly now?: () => Date;
};

/**
 * What was done: `updated` is what people say of an old image, `read` the words in it; `failed` an image that
 * can't be indexed.
 */
export type Outcome = { readonly id: string; readonly key: string } & (
  | { readonly type: 'indexed'; readonly wordsFollow?: true }
  | { readonly type: 'read' | 'updated' | 'removed' | 'unchanged' | 'ignored' }
  | { readonly type: 'failed'; readonly code: string }
);

/** @param options.again also an object that failed and did not change since, once */
export type Reconcile = (key: string, options?: { readonly again?: boolean }) => Promise<Outcome>;

/** A record without an object is an upload that never came after so long; ms. */
const UPLOAD_EXPECTED = 24 * 3_600_000;

/** Rounds before an object that keeps changing is left to a later try. */
const MOST_ROUNDS = 5;

/**
 * Makes the index agree with what is stored under a key now, and with what people said of it. Level-triggered:
 * calls may come twice, late, in any order, or from several processes at once; after the last of them the
 * index is right. Nothing is written to the originals. Order: record, original, thumbnails, point.
 *
 * The function that it returns throws what a later try may heal, and faults of the store, index or model;
 * what is wrong with the image becomes a failure record.
 */
export function createReconcile(deps: ReconcileDeps): Reconcile {
  const now = deps.now ?? (() => new Date());

  async function reconcile(key: string, { again = false } = {}): Promise<Outcome> {
    const id = idOfKey(key, deps.namespace);
    if (isIgnoredKey(key)) return { type: 'ignored', id, key };
    try {
      assertKey(key);
    } catch (error) {
      if (!hasCode(error, 'invalid_request')) throw error;
      // a bucket may hold such an object, with `//` in its key, say
      return fail({ id, key }, '', error);
    }
    let done: Outcome = { type: 'unchanged', id, key };
    /**
     * Thumbnails were deleted, or made of bytes that are outdated: perhaps under the hands of another call, which
     * had just made them and whose point stands now.
     */
    let afresh = false;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const seen = await look(key, id);
      const wordsFollow = done.type === 'indexed' && done.wordsFollow === true;
      const step = await settle(seen, { again: again && round === 0, afresh, wordsFollow });
      if (step.type === 'ignored') return { type: 'ignored', id, key };
      const { left, ...change } = step;
      if (change.type !== 'unchanged' && !(wordsFollow && change.type === 'updated'))
        done = { ...change, id, key };
      const found = await etagsOf(key, id);
      const isOutdated = found.object !== left.object;
      afresh ||= left.object === null || step.type === 'failed' || (step.type === 'indexed' && isOutdated);
      if (isOutdated || found.record !== left.record) continue;
      if (done.type === 'indexed' && done.wordsFollow) await deps.wordsLater?.(key);
      return done;
    }
    throw new SemblanceError('precondition_failed', `${key} keeps changing`);
  }

  async function look(key: string, id: string): Promise<Seen> {
    const [object, record, points] = await Promise.all([
      deps.originals.head(key),
      readRecord(deps, id),
      deps.index.retrieve([id]),
    ]);
    const point = points[0];
    // a payload that this version doesn't understand is as good as an outdated one
    const payload = point ? (payloadSchema.safeParse(point.payload).data ?? null) : null;
    return { key, id, object, record, hasPoint: point !== undefined, payload };
  }

  /** What object and record are now, to be held against what the round left them as. */
  async function etagsOf(key: string, id: string): Promise<Etags> {
    const [object, record] = await Promise.all([deps.originals.head(key), deps.derived.head(recordKey(id))]);
    return { object: object?.etag ?? null, record: record?.etag ?? null };
  }

  async function settle(seen: Seen, { again, afresh, wordsFollow }: Turn): Promise<Step> {
    if (await belongsToAnotherKey(seen)) return { type: 'ignored' };
    if (!seen.object) return settleGone(seen);
    const isCurrent = seen.payload?.etag === seen.object.etag && seen.payload.key === seen.key;
    if (!seen.payload || !isCurrent || afresh) return settleChanged(seen, seen.object, again);
    if (seen.payload.ocr_text === null && wantsWords(seen) && !wordsFollow)
      return settleWords(seen, seen.payload);
    const left = { object: seen.object.etag, record: seen.record?.etag ?? null };
    if (seen.payload.record_etag === left.record) return { type: 'unchanged', left };
    await deps.index.setPayload([seen.id], saidOf(seen.key, seen.record, seen.payload.has_thumbnail));
    return { type: 'updated', left };
  }

  const wantsWords = ({ record }: Seen): boolean => deps.ocr && !record?.value?.skip_ocr;

  /** Reads the words of an image that is indexed without. */
  async function settleWords(seen: Seen, { etag, has_thumbnail }: ImagePayload): Promise<Step> {
    const { id, key, record } = seen;
    const left = { object: etag, record: record?.etag ?? null };
    const original = await deps.originals.get(key, deps.maxBytes);
    if (original?.info.etag !== etag) return { type: 'unchanged', left };
    const words = await readWordsOf(deps, original.bytes);
    const [point] = await deps.index.retrieve([id], { vectors: [VISION] });
    const { etag: current } = point?.payload ?? {};
    if (!point || current !== etag) return { type: 'unchanged', left };
    await deps.index.upsert([pointWithWords(point, words, saidOf(key, record, has_thumbnail))]);
    return { type: 'read', left };
  }

  /** An upload's id can have had two keys: served from here first and kept elsewhere now, or the reverse. */
  async function belongsToAnotherKey({ key, record, payload }: Seen): Promise<boolean> {
    if (!parseOwnKey(key)) return false;
    if (record?.value) return record.value.key !== key;
    return payload !== null && payload.key !== key && (await deps.originals.head(payload.key)) !== null;
  }

  async function settleGone(seen: Seen): Promise<Step> {
    const recordLeft = await settleRecordOfGone(seen);
    await removeDerived(seen.id);
    return {
      type: seen.hasPoint ? 'removed' : 'unchanged',
      left: { object: null, record: recordLeft },
    };
  }

  /** ETag of the record that is left. */
  async function settleRecordOfGone({ id, key, record, payload }: Seen): Promise<string | null> {
    if (!record) return null;
    if (parseOwnKey(key)) {
      const age = now().getTime() - Date.parse(record.value?.created ?? '');
      if (age < UPLOAD_EXPECTED) return record.etag;
      await deps.derived.delete(recordKey(id));
      return null;
    }
    const sha1 = payload?.sha1 ?? record.value?.sha1;
    return sha1 ? bequeathRecord(deps, { id, sha1, record }) : record.etag;
  }

  /** The point first: nothing may be found that doesn't load. */
  async function removeDerived(id: string): Promise<void> {
    await deps.index.delete([id]);
    await Promise.all(
      [thumbnailKey(id), previewKey(id), failureKey(id)].map(key => deps.derived.delete(key)),
    );
  }

  async function settleChanged(seen: Seen, object: ObjectInfo, again: boolean): Promise<Step> {
    const failure = await readFailure(deps, seen.id);
    if (!again && failure?.value?.etag === object.etag && failure.value.key === seen.key) {
      if (seen.hasPoint) await removePoint(seen.id);
      const left = { object: object.etag, record: seen.record?.etag ?? null };
      return { type: 'failed', code: failure.value.code, left };
    }
    try {
      return await index(seen, failure !== null);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      await fail(seen, error.etag, error.reason, failure?.value);
      if (seen.hasPoint) await removePoint(seen.id);
      const left = { object: error.etag, record: seen.record?.etag ?? null };
      return { type: 'failed', code: error.reason.code, left };
    }
  }

  async function fail(
    { id, key }: { id: string; key: string },
    etag: string,
    { code, message, advice }: SemblanceError,
    before?: FailureRecord | null,
  ): Promise<Outcome> {
    const since = before?.since ?? now().toISOString();
    await writeFailure(deps, {
      id,
      key,
      etag,
      code,
      message,
      advice,
      since,
      attempts: (before?.attempts ?? 0) + 1,
    });
    return { type: 'failed', id, key, code };
  }

  async function removePoint(id: string): Promise<void> {
    await deps.index.delete([id]);
    await Promise.all([thumbnailKey(id), previewKey(id)].map(key => deps.derived.delete(key)));
  }

  async function index(seen: Seen, hadFailure: boolean): Promise<Step> {
    const { id, key } = seen;
    const original = await ofImage(seen.object?.etag ?? '', deps.originals.get(key, deps.maxBytes));
    // gone since the look: what was seen no longer holds, so there is another round
    if (!original)
      return {
        type: 'unchanged',
        left: { object: seen.object?.etag ?? '', record: seen.record?.etag ?? null },
      };
    const { info } = original;
    const { description, wordsFollow } = await describeOriginal(deps, id, original, wantsWords(seen));
    const record = await recordFor(seen, description.sha1);
    const thumbnail = wantsThumbnail(key, description.bytes, record?.value ?? null);
    const [small, large] = await Promise.all([
      thumbnail
        ? deps.derived.put(thumbnailKey(id), description.thumbnail, WEBP)
        : deps.derived.delete(thumbnailKey(id)),
      deps.derived.put(previewKey(id), description.preview, WEBP),
    ]);
    const made = { thumbnail: small?.etag ?? null, preview: large.etag };
    await deps.index.upsert([pointOf(id, info, description, record, made, now())]);
    if (hadFailure) await deps.derived.delete(failureKey(id));
    const left = { object: info.etag, record: record?.etag ?? null };
    return { type: 'indexed', left, ...(wordsFollow ? { wordsFollow } : {}) };
  }

  /** The record of a folder's or bucket's image follows its bytes. */
  async function recordFor({ id, key, record }: Seen, sha1: string): Promise<Stored<ImageRecord> | null> {
    if (parseOwnKey(key)) return record;
    if (!record) return inheritRecord(deps, { id, key, sha1 });
    if (!record.value || record.value.sha1 === sha1) return record;
    return writeRecord(deps, { ...record.value, sha1 }, record.etag);
  }

  return reconcile;
}

type Seen = {
  readonly key: string;
  readonly id: string;
  readonly object: ObjectInfo | null;
  readonly record: Stored<ImageRecord> | null;
  readonly hasPoint: boolean;
  readonly payload: ImagePayload | null;
};

type Etags = { readonly object: string | null; readonly record: string | null };

/** What this round of a call is to know. */
type Turn = { readonly again: boolean; readonly afresh: boolean; readonly wordsFollow: boolean };

type Step =
  | { readonly type: 'ignored' }
  | { readonly type: 'indexed'; readonly left: Etags; readonly wordsFollow?: true }
  | { readonly type: 'read' | 'updated' | 'removed' | 'unchanged'; readonly left: Etags }
  | { readonly type: 'failed'; readonly code: string; readonly left: Etags };

const WEBP = { contentType: 'image/webp' };
