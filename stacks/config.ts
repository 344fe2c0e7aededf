/** What differs by stage, and the numbers that have to agree with each other. Plain values: no resources. */

/** The processor of image and functions; `npm run build:lambda` builds its tree for the same. */
export const ARCHITECTURE: 'x86_64' | 'arm64' = 'x86_64';

/** What `npm run build:lambda` makes and the Dockerfile copies. */
export const TREE = 'dist/lambda';

/** OCR, decoding of 50 MB and a cold start fit; one image usually takes about a second. */
export const EMBED_TIMEOUT_SECONDS = 120;
/** MB. Embedding a 12-megapixel photo with its words takes up to 1.2 GB; the rest buys processor time. */
export const EMBED_MEMORY = 3008;
export const EMBED_BATCH_SIZE = 5;
/** Functions at once: what a Qdrant cluster of one node takes, and the most that a flood of uploads costs. */
export const EMBED_CONCURRENCY = 5;

/** AWS asks for six times the function's timeout, or batches in flight are delivered again. */
export const VISIBILITY_SECONDS = 6 * EMBED_TIMEOUT_SECONDS;
/** Deliveries before a message is a dead letter; equals MAX_ATTEMPTS of shared/queue/work-queue.ts. */
export const MAX_RECEIVE_COUNT = 5;
export const DEAD_LETTER_DAYS = 14;

/** CloudFront waits 30 s for an origin unless a quota is raised. */
export const SEARCH_TIMEOUT_SECONDS = 30;
/** MB; from 1769 MB on a function has one whole processor, and encoding a query uses it. */
export const SEARCH_MEMORY = 1769;
/** Requests a minute and token, counted by each instance: the address is public. */
export const SEARCH_RATE_LIMIT = 600;

export const LOG_DAYS = 30;
/** Days for which overwritten and deleted objects of a production stage can be brought back. */
export const NONCURRENT_DAYS = 90;

type Stage = {
  /** Keeps data when removed, keeps old versions, and can't be removed by mistake. */
  production: boolean;
  /** US dollars a month for the whole account; mail is sent at 80 % and when more is forecast. */
  budget: number;
  /** A domain in Route 53 for the page; without one it has CloudFront's. */
  domain?: string;
};

/** Personal stages (any name), `staging` and `production`. */
export function stageOf(name: string): Stage {
  if (name === 'production') return { production: true, budget: 100 };
  if (name === 'staging') return { production: false, budget: 30 };
  return { production: false, budget: 10 };
}
