import type { MiddlewareHandler } from 'hono';
import { SemblanceError } from '../../shared/errors.ts';
import type { AccessRules, ApiEnv } from './deps.ts';
import { isAddress, isLoopbackName, isSameOrigin, urlHost } from './origin.ts';

/** s that a browser may remember a preflight. */
const PREFLIGHT_SECONDS = '600';

/**
 * Which pages may read responses. With an access token any origin, since the token decides.
 * Without one the server would be open to every page that the user visits: then only its own page and the
 * configured origins, and on a laptop neither foreign origins nor names that could have been rebound to it.
 * @throws forbidden_origin on a laptop
 */
export function cors(rules: AccessRules): MiddlewareHandler<ApiEnv> {
  const any = rules.corsOrigins.includes('*') || rules.accessTokens.length > 0;
  const configured = new Set(rules.corsOrigins);
  const configuredHosts = new Set([...configured].map(origin => origin.replace(/^https?:\/\//, '')));

  return async (c, next) => {
    const origin = c.req.header('Origin');
    const host = c.req.header('Host') ?? new URL(c.req.url).host;
    const allowed =
      origin !== undefined && (any || configured.has(origin.toLowerCase()) || isSameOrigin(origin, host));

    if (rules.place === 'laptop' && rules.accessTokens.length === 0 && !any) {
      const name = urlHost(host)?.hostname;
      const own = isLoopbackName(name) || isAddress(name) || configuredHosts.has(host?.toLowerCase() ?? '');
      if (!own || (origin !== undefined && !allowed)) {
        throw new SemblanceError(
          'forbidden_origin',
          `This server has no access token, so it does not respond to ${own ? `pages of ${origin}` : `as ${host}`}`,
        );
      }
    }

    if (c.req.method === 'OPTIONS' && origin !== undefined && c.req.header('Access-Control-Request-Method')) {
      c.res = allowed
        ? c.body(null, 200, {
            'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
            'Access-Control-Allow-Headers': c.req.header('Access-Control-Request-Headers') ?? '*',
            'Access-Control-Max-Age': PREFLIGHT_SECONDS,
          })
        : c.body(null, 400);
    } else {
      await next();
    }
    c.res.headers.append('Vary', 'Origin');
    if (!allowed) return;
    c.res.headers.set('Access-Control-Allow-Origin', origin);
    c.res.headers.set('Access-Control-Allow-Credentials', 'true');
    c.res.headers.set('Access-Control-Expose-Headers', 'ETag, Retry-After, Server-Timing, X-Request-Id');
  };
}
