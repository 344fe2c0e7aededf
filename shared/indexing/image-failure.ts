import { type ErrorCode, SemblanceError } from '../errors.ts';

/** Failures that are the image's own: it gets a failure record, and trying again changes nothing. */
const IMAGE_FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'image_empty',
  'image_unsupported',
  'image_corrupt',
  'image_too_many_pixels',
  'image_too_many_bytes',
  'image_timeout',
  'image_unreadable',
  'image_archived',
  'store_denied',
]);

/** What is wrong with the image of this ETag, told apart from faults of what we stand on. */
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
