import { parseOwnKey } from '../catalog/ids.ts';
import { passedOverKind } from '../catalog/passed-over.ts';
import type { FailureRecord } from '../catalog/record.ts';
import { isHiddenKey, isTrashKey } from '../objects/keys.ts';
import { isWordsFailure } from './image-failure.ts';
import type { Observation, PointFacts } from './observe.ts';

/**
 * What is to be done with a key, and why. Nothing is done for `ignore` and `keep`.
 *
 * - index: the original is read and described, and its point written
 * - read_words: the words in an indexed image are read
 * - annotate: the point takes over the annotations of the record
 * - clear_failure: the failure of an image that is indexed now is forgotten
 * - unindex: point and derived images go, since the object is there but can't be indexed
 * - remove: all goes that was made of an object that is gone; `record` says what becomes of its annotations
 * - discard: the bytes of an upload that was deleted before they came go to the trash
 * - rename: an upload that was announced as another format gets the key of its own
 * - reject: an upload that is no image goes to the trash; its failure stays listed
 * - fail: a failure record says that the store can't give what it has
 */
export type Action =
  | { readonly type: 'ignore'; readonly reason: 'trash' | 'hidden' | 'no_image' | 'other_key' }
  | { readonly type: 'keep'; readonly reason: 'current' | 'failed' | 'absent' | 'awaited' }
  | {
      readonly type: 'index';
      readonly reason: 'new' | 'unreadable_point' | 'changed' | 'derived_images_differ' | 'retry';
    }
  | {
      readonly type: 'read_words';
      readonly reason: 'words_missing' | 'words_outdated' | 'words_incomplete' | 'retry';
    }
  | { readonly type: 'annotate'; readonly reason: 'annotations_changed' }
  | { readonly type: 'clear_failure'; readonly reason: 'indexed' }
  | { readonly type: 'unindex'; readonly reason: 'failed' }
  | { readonly type: 'remove'; readonly reason: 'gone'; readonly record: 'keep' | 'drop' | 'hand_over' }
  | { readonly type: 'discard'; readonly reason: 'deleted' }
  | { readonly type: 'rename'; readonly reason: 'other_format' }
  | { readonly type: 'reject'; readonly reason: 'not_an_image' }
  | { readonly type: 'fail'; readonly reason: 'obstacle' };

export type Rules = {
  /** An object that failed is tried again, though it did not change. */
  readonly retry: boolean;
  /** Words that were never looked for are read. */
  readonly words: boolean;
  readonly now: Date;
};

/** ms after which the record of an upload whose object never came is dropped. */
const UPLOAD_AWAITED = 24 * 3_600_000;

/**
 * The one place that knows the rules of indexing: events, uploads, the watcher, the sweep and its dry run all
 * ask here. Pure: the same observation always leads to the same action, and applying an action leads to an
 * observation that is kept, or to one that asks for the next action.
 */
export function decide(seen: Observation, rules: Rules): Action {
  if (isTrashKey(seen.key)) return { type: 'ignore', reason: 'trash' };
  if (isHiddenKey(seen.key) && isUnknown(seen)) return { type: 'ignore', reason: 'hidden' };
  if (passedOverKind(seen.key) && isUnknown(seen)) return { type: 'ignore', reason: 'no_image' };
  if (seen.owner !== null) return { type: 'ignore', reason: 'other_key' };
  if (seen.obstacle) return decideObstacle(seen);
  if (!seen.object) return decideGone(seen, rules);
  const own = parseOwnKey(seen.key);
  if (own && !seen.record && seen.trashed !== null) return { type: 'discard', reason: 'deleted' };
  if (own && seen.record && isNoImage(seen)) return { type: 'reject', reason: 'not_an_image' };
  const facts = seen.point?.facts ?? null;
  const current = facts && facts.etag === seen.object.etag && facts.key === seen.key;
  if (!current) return decideUnindexed(seen, rules);
  if (own && seen.record && own.format !== facts.format) return { type: 'rename', reason: 'other_format' };
  if (!imagesStand(seen, facts)) return { type: 'index', reason: 'derived_images_differ' };
  if (seen.failure && !isOfWords(seen.failure, facts, seen.object.etag))
    return { type: 'clear_failure', reason: 'indexed' };
  if (facts.record_etag !== (seen.record?.etag ?? null))
    return { type: 'annotate', reason: 'annotations_changed' };
  if (rules.words && facts.words !== 'current') return { type: 'read_words', reason: `words_${facts.words}` };
  if (rules.words && facts.wordsError) return decideIncomplete(seen.failure, rules);
  return { type: 'keep', reason: 'current' };
}

/** Words that could not be read, or not all of them, are a failure beside the point, and tried again like one. */
const isOfWords = (failure: FailureRecord, { wordsError, key }: PointFacts, etag: string): boolean =>
  wordsError !== null && isWordsFailure(failure) && failure.etag === etag && failure.key === key;

function decideIncomplete(failure: FailureRecord | null, rules: Rules): Action {
  if (!failure) return { type: 'read_words', reason: 'words_incomplete' };
  return isToBeRetried(failure, rules)
    ? { type: 'read_words', reason: 'retry' }
    : { type: 'keep', reason: 'current' };
}

const isToBeRetried = (failure: FailureRecord, { retry, now }: Rules): boolean =>
  retry || (failure.retry_at !== null && Date.parse(failure.retry_at) <= now.getTime());

/** Something is there that the store can't give: what was indexed under its name is not taken for gone. */
function decideObstacle({ failure, key, obstacle }: Observation): Action {
  const isKnown = failure?.key === key && failure.code === obstacle?.code;
  return isKnown ? { type: 'keep', reason: 'failed' } : { type: 'fail', reason: 'obstacle' };
}

/** Its bytes were looked at: they are of no format that is read, whatever was announced. */
const isNoImage = ({ key, object, failure }: Observation): boolean =>
  failure?.code === 'not_an_image' && failure.key === key && failure.etag === object?.etag;

function decideGone(seen: Observation, { now }: Rules): Action {
  if (isRejected(seen)) return { type: 'keep', reason: 'failed' };
  const record = decideRecordOfGone(seen, now);
  const leftovers = leftoversOf(seen);
  const settled = record === 'keep' || seen.record === null;
  if (leftovers === null && settled)
    return { type: 'keep', reason: seen.record && parseOwnKey(seen.key) ? 'awaited' : 'absent' };
  return { type: 'remove', reason: 'gone', record };
}

/** An upload that was rejected is in the trash, and its failure says why. */
const isRejected = (seen: Observation): boolean =>
  seen.failure?.code === 'not_an_image' &&
  seen.failure.key === seen.key &&
  seen.trashed !== null &&
  leftoversOf({ ...seen, failure: null }) === null &&
  seen.record === null;

const leftoversOf = ({ point, failure, thumbnail, preview }: Observation) =>
  point ?? failure ?? thumbnail ?? preview;

const isUnknown = (seen: Observation): boolean => leftoversOf(seen) === null && seen.record === null;

function decideRecordOfGone(
  { key, record, point, trashed, vanished }: Observation,
  now: Date,
): 'keep' | 'drop' | 'hand_over' {
  if (!record) return 'keep';
  if (!parseOwnKey(key)) {
    const sha1 = point?.facts?.sha1 ?? record.value?.sha1 ?? null;
    return sha1 === null || vanished ? 'keep' : 'hand_over';
  }
  const created = record.value?.created ?? '';
  if (trashed !== null && created < trashed) return 'drop';
  return now.getTime() - Date.parse(created) < UPLOAD_AWAITED ? 'keep' : 'drop';
}

function decideUnindexed(seen: Observation, rules: Rules): Action {
  const { object, failure, point } = seen;
  if (failure && failure.etag === object?.etag && failure.key === seen.key) {
    if (isToBeRetried(failure, rules)) return { type: 'index', reason: 'retry' };
    const isClean = point === null && seen.thumbnail === null && seen.preview === null;
    return isClean ? { type: 'keep', reason: 'failed' } : { type: 'unindex', reason: 'failed' };
  }
  if (!point) return { type: 'index', reason: 'new' };
  return { type: 'index', reason: point.facts ? 'changed' : 'unreadable_point' };
}

/** Whether thumbnail and preview are those that were made of the indexed bytes, which old points don't name. */
function imagesStand({ thumbnail, preview }: Observation, facts: PointFacts): boolean {
  const stands = (has: boolean, made: string | null, found: string | null) =>
    has ? found !== null && (made === null || made === found) : found === null;
  return (
    stands(facts.has_thumbnail, facts.thumbnail_etag, thumbnail) &&
    stands(facts.has_preview, facts.preview_etag, preview)
  );
}
