import type { Context, MiddlewareHandler } from 'hono';
import { LRUCache } from 'lru-cache';
import { SemblanceError } from '../../shared/errors.ts';
import { matchesToken, remoteAddress } from './auth.ts';
import type { AccessRules, ApiEnv } from './deps.ts';
import { answerError } from './responses.ts';

const MINUTE_MS = 60_000;
const MAX_CLIENTS = 10_000;

/** A bucket that fills evenly: a client may spend a minute's requests at once, then as they come back. */
type Bucket = { tokens: number; filled: number };

/**
 * So many requests a minute for each token that is ours, or address without one; more are 429 and told how long to wait.
 * In this process alone: on Lambda each instance counts for itself.
 */
export function rateLimit(
  perMinute: number,
  { accessTokens, adminTokens, place }: AccessRules,
  now: () => number = () => performance.now(),
): MiddlewareHandler<ApiEnv> {
  const buckets = new LRUCache<string, Bucket>({ max: MAX_CLIENTS });
  return async (c, next) => {
    const token = [
      { tokens: accessTokens, given: c.req.header('X-Access-Token') },
      { tokens: adminTokens, given: c.req.header('X-Admin-Token') },
    ].find(({ tokens, given }) => matchesToken(tokens, given))?.given;
    const client = token === undefined ? `address ${clientAddress(c, place)}` : `token ${token}`;
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

/** Behind CloudFront the peer is CloudFront; whoever forges the header only leaves the others' share alone. */
const clientAddress = (c: Context<ApiEnv>, place: AccessRules['place']): string | undefined =>
  (place === 'cloud' ? c.req.header('X-Forwarded-For')?.split(',')[0]?.trim() : undefined) ??
  remoteAddress(c.env);
