import type { Context, MiddlewareHandler } from 'hono';
import { LRUCache } from 'lru-cache';
import { SemblanceError } from '../../shared/errors.ts';
import { matchesToken, remoteAddress } from './auth.ts';
import type { AccessRules, ApiEnv } from './deps.ts';
import { errorResponse } from './responses.ts';
import { VIEWER_HEADER } from './router-only.ts';

const MINUTE_MS = 60_000;
const MAX_CLIENTS = 10_000;

/** A bucket that fills evenly: a client may spend a minute's requests at once, then as they come back. */
type Bucket = { tokens: number; filled: number };

/**
 * Limits the requests a minute of each token that is ours, or of each address without one: more are 429, with the time
 * to wait.
 * In this process alone: on Lambda each instance counts for itself.
 */
export function rateLimit(
  perMinute: number,
  rules: AccessRules,
  now: () => number = () => performance.now(),
): MiddlewareHandler<ApiEnv> {
  const buckets = new LRUCache<string, Bucket>({ max: MAX_CLIENTS });
  return async (c, next) => {
    const token = [
      { tokens: rules.accessTokens, given: c.req.header('X-Access-Token') },
      { tokens: rules.adminTokens, given: c.req.header('X-Admin-Token') },
    ].find(({ tokens, given }) => matchesToken(tokens, given))?.given;
    const client = token === undefined ? `address ${clientAddress(c, rules)}` : `token ${token}`;
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
        { parameters: { seconds } },
      );
      return errorResponse(c, error, { 'Retry-After': String(seconds) });
    }
    bucket.tokens--;
    await next();
    return undefined;
  };
}

/**
 * Behind CloudFront the peer is CloudFront. The address that CloudFront saw is in a header that the router sets
 * again on every request; it counts only where the router's secret shows that the request came through it.
 */
const clientAddress = (c: Context<ApiEnv>, { routerSecret }: AccessRules): string | undefined =>
  (routerSecret === undefined ? undefined : c.req.header(VIEWER_HEADER)) ?? remoteAddress(c.env);
