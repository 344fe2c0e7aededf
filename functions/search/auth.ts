import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { z } from 'zod';
import { SemblanceError } from '../../shared/errors.ts';
import type { AccessRules, ApiEnv } from './deps.ts';
import { isLoopbackAddress, isLoopbackName, isSameOrigin, urlHost } from './origin.ts';

/** Throws unless the request may use routes of this kind. */
export type Guard = (c: Context<ApiEnv>, access: 'open' | 'access' | 'admin') => void;

/** What `GET /` says of a client's tokens. */
export type Standing = {
  readonly authorization: { readonly required: boolean; readonly passed: boolean };
  readonly admin_api: { readonly available: boolean; readonly passed: boolean };
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether the text is one of the tokens, compared in a time that does not depend on them. An empty text never is. */
export function matchesToken(tokens: readonly string[], given: string | undefined): boolean {
  const asked = digest(given ?? '');
  let matches = 0;
  for (const token of tokens) matches |= Number(timingSafeEqual(digest(token), asked) && token !== '');
  return matches === 1 && given !== undefined;
}

const accessToken = (c: Context<ApiEnv>) => c.req.header('X-Access-Token');
const adminToken = (c: Context<ApiEnv>) => c.req.header('X-Admin-Token');

/**
 * @throws (from the guard) unauthorized; not_found for /admin where it is off; admin_elsewhere where only this
 * machine's own pages and programs may
 */
export function createGuard(rules: AccessRules): { guard: Guard; standing(c: Context<ApiEnv>): Standing } {
  const protectedReads = rules.accessTokens.length > 0;
  const adminByToken = rules.adminTokens.length > 0;
  const adminHere = !adminByToken && rules.place === 'laptop';

  const guard: Guard = (c, access) => {
    if (access === 'access' && protectedReads && !matchesToken(rules.accessTokens, accessToken(c)))
      throw new SemblanceError('unauthorized', 'The access token is missing or wrong');
    if (access !== 'admin') return;
    if (adminByToken) {
      if (!matchesToken(rules.adminTokens, adminToken(c)))
        throw new SemblanceError('unauthorized', 'The admin token is missing or wrong');
    } else if (!adminHere) {
      throw new SemblanceError('not_found', 'Not Found');
    } else if (!isThisMachine(c)) {
      throw new SemblanceError(
        'admin_elsewhere',
        'Without an admin token only pages and programs of this machine may change images',
      );
    }
  };

  return {
    guard,
    standing: c => ({
      authorization: {
        required: protectedReads,
        passed: !protectedReads || matchesToken(rules.accessTokens, accessToken(c)),
      },
      admin_api: {
        available: adminByToken || (adminHere && isThisMachine(c)),
        passed: adminByToken ? matchesToken(rules.adminTokens, adminToken(c)) : adminHere && isThisMachine(c),
      },
    }),
  };
}

/**
 * Whether a program or page of this machine asks: from the loopback address, under a loopback name (else a name
 * that was rebound to 127.0.0.1 would do), not through a proxy, and not from another site's page.
 */
function isThisMachine(c: Context<ApiEnv>): boolean {
  const address = remoteAddress(c.env);
  const site = c.req.header('Sec-Fetch-Site');
  return (
    address !== undefined &&
    isLoopbackAddress(address) &&
    isLoopbackName(urlHost(c.req.header('Host'))?.hostname) &&
    c.req.header('X-Forwarded-For') === undefined &&
    c.req.header('Forwarded') === undefined &&
    (site === undefined || site === 'same-origin' || site === 'none') &&
    isSameOrigin(c.req.header('Origin'), c.req.header('Host'))
  );
}

const nodeEnvironment = z.object({
  incoming: z.object({ socket: z.object({ remoteAddress: z.string() }) }),
});
const lambdaEnvironment = z.object({
  requestContext: z.object({ http: z.object({ sourceIp: z.string() }) }),
});

/** The peer's IP address, as Node's server or Lambda's event has it. */
export function remoteAddress(env: unknown): string | undefined {
  const node = nodeEnvironment.safeParse(env);
  if (node.success) return node.data.incoming.socket.remoteAddress;
  return lambdaEnvironment.safeParse(env).data?.requestContext.http.sourceIp;
}
