import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Log } from '../../shared/log.ts';
import type { ApiEnv } from './deps.ts';

/**
 * One line a request with its id, and Server-Timing in the response. The route is logged, not the path: what
 * people search for is theirs.
 */
export function requestLog(log: Log): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const started = performance.now();
    await next();
    const total = performance.now() - started;
    const timings = [...c.get('timings'), ['total', total] as const];
    c.res.headers.set(
      'Server-Timing',
      timings.map(([name, milliseconds]) => `${name};dur=${milliseconds.toFixed(1)}`).join(', '),
    );
    const fields = {
      request_id: c.get('requestId'),
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      ms: Math.round(total),
      code: c.get('errorCode'),
    };
    if (c.res.status >= 500) log.error('request failed', { ...fields, error: describe(c.error) });
    else log.info('request', fields);
  };
}

/** The error with its stack and the causes under it. */
function describe(error: unknown): string | undefined {
  if (!(error instanceof Error)) return error === undefined ? undefined : String(error);
  const cause = describe(error.cause);
  return `${error.stack ?? error.message}${cause ? `\ncaused by ${cause}` : ''}`;
}
