import type { MiddlewareHandler } from 'hono';
import { LRUCache } from 'lru-cache';
import { SemblanceError } from '../../shared/errors.ts';
import { answerError } from './answers.ts';
import { remoteAddress } from './auth.ts';
import type { ApiEnv } from './deps.ts';

const MINUTE_MS = 60_000;
const MAX_CLIENTS = 10_000;

/** A bucket that fills evenly: a client may spend a minute's requests at once, then as they come back. */
type Bucket = { tokens: number; filled: number };

/**
 * So many requests a minute for each token, or address without one; more are 429 and told how long to wait.
 * In this process alone: on Lambda each instance counts for itself.
 */
export function rateLimit(
  perMinute: number,
  now: () => number = () => performance.now(),
): MiddlewareHandler<ApiEnv> {
  const buckets = new LRUCache<string, Bucket>({ max: MAX_CLIENTS });
  return async (c, next) => {
    const client =
      c.req.header('X-Access-Token') ?? c.req.header('X-Admin-Token') ?? remoteAddress(c.env) ?? '';
    const at = now();
    const bucket = buckets.get(client) ?? { tokens: perMinute, filled: at };
    bucket.tokens = Math.min(perMinute, bucket.tokens + ((at - bucket.filled) * perMinute) / MINUTE_MS);
    bucket.filled = at;
    buckets.set(client, bucket);
    if (bucket.tokens < 1) {
      const seconds = Math.ceil(((1 - bucket.tokens) * MINUTE_MS) / perMinute / 1000);
      const error = new SemblanceError(
        'too_many_requests',
        `More than ${perMinute} requests a minute; try again in ${seconds} s`,
      );
      return answerError(c, error, { 'Retry-After': String(seconds) });
    }
    bucket.tokens--;
    await next();
    return undefined;
  };
}
