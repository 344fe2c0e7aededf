import { formatOfName } from '../catalog/formats.ts';
import { parseOwnKey } from '../catalog/ids.ts';
import type { FailureRecord } from '../catalog/record.ts';
import { type ErrorCode, SemblanceError } from '../errors.ts';
import type { Observation, Obstacle } from './observe.ts';

/**
 * Failures of one image, which gets a failure record: nearly all are its own, and trying again changes nothing. For
 * `machine_busy` see RETRY_AFTER.
 */
const IMAGE_FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'image_empty',
  'not_an_image',
  'image_unsupported',
  'image_corrupt',
  'image_too_many_pixels',
  'image_too_many_bytes',
  'image_timeout',
  'image_unreadable',
  'machine_busy',
  'image_archived',
  'store_denied',
]);

/** What is wrong with the image of this ETag, as opposed to faults of the dependencies. */
export class ImageError extends Error {
  readonly etag: string;
  readonly reason: SemblanceError;

  constructor(etag: string, reason: SemblanceError) {
    super(reason.message, { cause: reason });
    this.etag = etag;
    this.reason = reason;
  }
}

/** Marks what is the image's own failure; other errors pass as they are. */
export async function ofImage<T>(etag: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SemblanceError && IMAGE_FAILURES.has(error.code)) throw new ImageError(etag, error);
    throw error;
  }
}

/** What is written down of an image that can't be indexed; one that failed before keeps its first time. */
export const failureOf = (
  { id, key, failure }: Pick<Observation, 'id' | 'key' | 'failure'>,
  etag: string,
  { code, message, advice, parameters = {} }: Obstacle,
  now: Date,
): FailureRecord => {
  const attempts = failure?.etag === etag && failure.code === code ? failure.attempts + 1 : 1;
  return {
    id,
    key,
    etag,
    code,
    message,
    advice,
    parameters,
    since: failure?.since ?? now.toISOString(),
    attempts,
    retry_at: nextTry(code, attempts, now),
    passed_over: code === 'not_an_image' && formatOfName(key) === undefined && !parseOwnKey(key),
  };
};

/**
 * What may have failed because the machine was busy or had no memory left is tried again by itself, later each time: s
 * after the first failure, the second, and so on. Then it is left to a person.
 */
const RETRY_AFTER = [600, 3_600, 6 * 3_600, 24 * 3_600, 24 * 3_600];
const RETRIED = new Set(['machine_busy', 'ocr_timeout', 'ocr_failed']);

function nextTry(code: string, attempts: number, now: Date): string | null {
  const seconds = RETRIED.has(code) ? RETRY_AFTER[attempts - 1] : undefined;
  return seconds === undefined ? null : new Date(now.getTime() + seconds * 1000).toISOString();
}

/** Whether a failure is of the words in an image, which is indexed all the same. */
export const isWordsFailure = ({ code }: Pick<FailureRecord, 'code'>): boolean => code.startsWith('ocr_');

/** Failures of what no key leads to, a name that is no text or a closed folder: only a sweep can look again. */
export const isOfNoKey = ({ code }: Pick<FailureRecord, 'code'>): boolean =>
  code === 'name_not_utf8' || code === 'folder_denied';
