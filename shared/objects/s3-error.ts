import { awsError } from '../aws-error.ts';
import { SemblanceError } from '../errors.ts';

/** 4xx that a later try may heal. */
const PASSING_NAMES =
  /^(SlowDown|RequestTimeout|RequestTimeTooSkewed|ExpiredToken|.*Throttl.*|TooManyRequests.*)/;

/** Whether S3 says that there is no such object; a bucket that isn't there is no missing object. */
export const isMissing = (error: unknown): boolean => {
  const { status, name } = awsError(error);
  return status === 404 && name !== 'NoSuchBucket';
};

/** Whether a condition on an ETag did not hold, or another writer was at it at the same moment. */
export const isConditionFailure = (error: unknown): boolean => {
  const { status } = awsError(error);
  return status === 412 || status === 409;
};

/**
 * What S3 says in the product's terms, after the SDK's own retries: only network, throttling and 5xx are
 * passing. 403 is denied, never "gone".
 */
export function s3Error(cause: unknown, what: string): SemblanceError {
  if (cause instanceof SemblanceError) return cause;
  const { status, name, message } = awsError(cause);
  const text = `${what}: ${message} (${name || 'no response'}${status === 0 ? '' : `, ${status}`})`;
  if (name === 'InvalidObjectState') return new SemblanceError('image_archived', text, { cause });
  if (status === 0 || status >= 500 || status === 429 || PASSING_NAMES.test(name))
    return new SemblanceError('store_unavailable', text, { cause });
  return new SemblanceError('store_denied', text, { cause });
}
