/** Numbers that have to agree with each other. What differs by stage is in settings.ts. */

/** What `npm run build:lambda` makes and the Dockerfile copies. */
export const TREE = 'dist/lambda';

/** OCR, decoding of 50 MB and a cold start fit; one image usually takes about a second. */
export const EMBED_TIMEOUT_SECONDS = 120;
export const EMBED_BATCH_SIZE = 5;

/** AWS asks for six times the function's timeout, or batches in flight are delivered again. */
export const VISIBILITY_SECONDS = 6 * EMBED_TIMEOUT_SECONDS;
/**
 * Deliveries before SQS sets a message aside; equals MOST_DELIVERIES of shared/queue/sqs-queue.ts. An outage has many
 * of them, so the functions count failures themselves, and messages are kept by age.
 */
export const MAX_RECEIVE_COUNT = 1_000;
/** SQS's most: so long may index or store be away. */
export const WORK_DAYS = 14;
export const DEAD_LETTER_DAYS = 14;

/** CloudFront waits 30 s for an origin unless a quota is raised. */
export const SEARCH_TIMEOUT_SECONDS = 30;

export const LOG_DAYS = 30;
/** Days for which overwritten and deleted objects of a production stage can be brought back. */
export const NONCURRENT_DAYS = 90;

/** Days for which a deleted upload can be restored from the trash. */
export const TRASH_DAYS = 30;
/** Days that a rendition for browsers is kept; equals RENDITION_DAYS of shared/gallery/renditions.ts. */
export const RENDITION_DAYS = 30;
