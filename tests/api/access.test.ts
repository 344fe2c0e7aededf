import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { matchesToken } from '../../functions/search/auth.ts';
import { documentPath, openApiDocument } from '../../functions/search/openapi.ts';
import { allRoutes } from '../../functions/search/route-table.ts';
import { BOTH_TOKENS, peer, stubbedApp } from './app-stub.ts';
import { CONTRACT_ROUTES, OPEN_ROUTES } from './contract-routes.ts';

/** A path that the route matches, with ids where ids belong. */
const concrete = (path: string): string =>
  documentPath(path)
    .replace('{image_id}', '7d4a5e0c-1111-5222-8333-944444444444')
    .replace(/\{\w+\}/, 'something');

const nameOf = ({ method, path }: { method: string; path: string }): string =>
  `${method.toUpperCase()} ${documentPath(path)}`;

describe('the list of routes', () => {
  test('is the same in the contract, in the document and in the app', () => {
    const registered = new Set(
      stubbedApp()
        .routes.filter(({ method }) => method !== 'ALL')
        .map(nameOf),
    );
    const documented = Object.entries(
      z.record(z.string(), z.record(z.string(), z.unknown())).parse(openApiDocument(allRoutes, '')['paths']),
    ).flatMap(([path, methods]) => Object.keys(methods).map(method => nameOf({ method, path })));
    expect(documented.toSorted()).toEqual([...CONTRACT_ROUTES].toSorted());
    expect([...registered].toSorted()).toEqual([...CONTRACT_ROUTES].toSorted());
  });

  test('without a token are those that are named so, and no other', () => {
    const open = allRoutes.filter(({ access }) => access === 'open').map(nameOf);
    expect(open.toSorted()).toEqual([...OPEN_ROUTES].toSorted());
  });
});

const headersOf = (access?: string, admin?: string): Record<string, string> => ({
  ...(access === undefined ? {} : { 'X-Access-Token': access }),
  ...(admin === undefined ? {} : { 'X-Admin-Token': admin }),
});
const [ACCESS = ''] = BOTH_TOKENS.accessTokens;
const [ADMIN = ''] = BOTH_TOKENS.adminTokens;

const LOCKED: [string, Record<string, string>][] = [
  ['no token', {}],
  ['empty tokens', headersOf('', '')],
  ['wrong tokens', headersOf('wrong', 'wrong')],
  ['a token with more at its end', headersOf(`${ACCESS}x`, `${ADMIN}x`)],
  ['half a token', headersOf(ACCESS.slice(0, 3), ADMIN.slice(0, 3))],
  [
    'a token in a cookie, as Bearer and in the query',
    { Cookie: `token=${ACCESS}`, Authorization: `Bearer ${ADMIN}` },
  ],
];

describe.each(
  allRoutes.filter(({ access }) => access !== 'open').map(route => ({ route, name: nameOf(route) })),
)('$name', ({ route }) => {
  const { method, access } = route;
  const ask = (headers: Record<string, string>, app = stubbedApp()) =>
    app.request(
      `http://127.0.0.1${concrete(route.path)}?count=-1`,
      {
        method: method.toUpperCase(),
        headers: { ...(route.json ? { 'Content-Type': 'application/json' } : {}), ...headers },
        ...(route.json ? { body: '{}' } : {}),
      },
      peer('127.0.0.1'),
    );

  test.each([
    ...LOCKED,
    ['the other kind of token', access === 'admin' ? headersOf(ACCESS, ACCESS) : headersOf(ADMIN, ADMIN)],
  ] as const)('%s: 401 before validation and look-up', async (_, headers) => {
    const response = await ask({ ...headers });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ detail: expect.any(String), code: 'unauthorized' });
  });

  test('any of the right tokens is let in', async () => {
    const tokens = access === 'admin' ? BOTH_TOKENS.adminTokens : BOTH_TOKENS.accessTokens;
    for (const token of tokens) {
      const response = await ask(access === 'admin' ? headersOf(undefined, token) : headersOf(token));
      expect(response.status).not.toBe(401);
    }
  });

  if (access === 'admin') {
    test('where admin is off it is 404, whatever the token', async () => {
      const app = stubbedApp({ accessTokens: ['read-me'], place: 'cloud' });
      for (const headers of [{}, headersOf('read-me', ''), headersOf('read-me', 'x')])
        expect((await ask(headers, app)).status).toBe(404);
    });
  }

  if (route.json) {
    test('malformed JSON is rejected before the token', async () => {
      const response = await stubbedApp().request(`http://127.0.0.1${concrete(route.path)}`, {
        method: method.toUpperCase(),
        headers: { 'Content-Type': 'application/json' },
        body: '{"a":',
      });
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ detail: [{ type: 'json_invalid' }] });
    });
  }
});

describe('tokens', () => {
  test('an empty one never passes, even where one is configured so', () => {
    for (const given of ['', undefined]) expect(matchesToken([''], given)).toBe(false);
    expect(matchesToken([], 'x')).toBe(false);
    expect(matchesToken(['a', 'b'], 'b')).toBe(true);
    expect(matchesToken(['a', 'a'], 'a')).toBe(true);
  });
});
