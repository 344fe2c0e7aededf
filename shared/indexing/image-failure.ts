import type { FailureRecord } from '../catalog/record.ts';
import { type ErrorCode, SemblanceError } from '../errors.ts';
import type { Observation } from './observe.ts';

/** Failures that are the image's own: it gets a failure record, and trying again changes nothing. */
const IMAGE_FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'image_empty',
  'not_an_image',
  'image_unsupported',
  'image_corrupt',
  'image_too_many_pixels',
  'image_too_many_bytes',
  'image_timeout',
  'image_unreadable',
  'image_archived',
  'store_denied',
]);

/** What is wrong with the image of this ETag, told apart from faults of the dependencies. */
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
  { code, message, advice }: Pick<FailureRecord, 'code' | 'message' | 'advice'>,
  now: Date,
): FailureRecord => ({
  id,
  key,
  etag,
  code,
  message,
  advice,
  since: failure?.since ?? now.toISOString(),
  attempts: (failure?.attempts ?? 0) + 1,
  retry: false,
  retry_at: null,
});
