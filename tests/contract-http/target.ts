import type { Server } from './server.ts';

/** Where vitest.contract.config.ts puts BASE_URL, a name that Vitest takes for itself. */
export const TARGET = 'CONTRACT_URL';

/**
 * The server that `BASE_URL=… npm run test:contract` names, with its tokens from ACCESS_TOKEN and ADMIN_TOKEN.
 * @throws when there is none
 */
export function namedServer(environment: Record<string, string | undefined> = process.env): Server {
  const url = environment[TARGET];
  if (!url || !URL.canParse(url)) throw new Error('BASE_URL=http://… npm run test:contract');
  const { ACCESS_TOKEN: accessToken, ADMIN_TOKEN: adminToken } = environment;
  return { baseUrl: url.replace(/\/+$/, ''), accessToken, adminToken };
}
