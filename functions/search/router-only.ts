import type { MiddlewareHandler } from 'hono';
import { SemblanceError } from '../../shared/errors.ts';
import { matchesToken } from './auth.ts';
import type { ApiEnv } from './deps.ts';
import { errorResponse } from './responses.ts';

/** Headers that stacks/site.ts sets on every request, whatever a client sent under these names. */
const SECRET_HEADER = 'X-Semblance-Router';
export const VIEWER_HEADER = 'X-Semblance-Viewer';

/**
 * Rejects requests that went around the router, straight to the Function URL: they would escape its limits and
 * could name any address as theirs.
 * @param secret undefined: there is no router
 */
export function routerOnly(secret: string | undefined): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (secret === undefined || matchesToken([secret], c.req.header(SECRET_HEADER))) return next();
    return errorResponse(
      c,
      new SemblanceError('router_bypassed', 'This address accepts requests of its router alone'),
    );
  };
}
