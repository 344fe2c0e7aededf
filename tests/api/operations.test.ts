import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AccessRules, type ApiEnv, lambdaLimits } from '../../functions/search/deps.ts';
import { prefersHtml } from '../../functions/search/negotiation.ts';
import { loadPage } from '../../functions/search/page.ts';
import { rateLimit } from '../../functions/search/rate-limit.ts';
import { SemblanceError } from '../../shared/errors.ts';
import { BOTH_TOKENS, peer, stubbedApp } from './app-stub.ts';

const HOME = 'http://127.0.0.1:3000';
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

describe('GET / is a page for browsers and JSON for the rest', () => {
  test.each([
    [BROWSER, true],
    ['text/html', true],
    ['text/html;q=0.9, application/json;q=0.8', true],
    ['application/json, text/plain, */*', false],
    ['*/*', false],
    ['text/html;q=0.5, */*', false],
    ['application/json;q=0.4, text/html;q=0.4', false],
    ['', false],
    [undefined, false],
  ])('%s: %s', (accept, html) => {
    expect(prefersHtml(accept)).toBe(html);
  });

  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'semblance-page-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>Gallery</title>');
    await writeFile(join(folder, 'assets', 'app-1a2b.js'), 'export {}');
    await writeFile(join(folder, 'assets', 'app-1a2b.js.br'), brotliCompressSync('export {}'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('the page, its parts, their caching, and JSON again below /api', async () => {
    const app = stubbedApp({}, { page: await loadPage(folder) });
    const get = (path: string, headers: Record<string, string> = {}) =>
      app.request(HOME + path, { headers: { Accept: BROWSER, ...headers } }, peer('127.0.0.1'));
    const page = await get('/');
    expect(await page.text()).toContain('Gallery');
    expect(page.headers.get('Cache-Control')).toBe('no-cache');
    expect(page.headers.get('Vary')).toMatch(/Accept(,|$)/);
    const etag = page.headers.get('ETag') ?? '';
    expect((await get('/', { 'If-None-Match': etag })).status).toBe(304);
    const script = await get('/assets/app-1a2b.js');
    expect(script.headers.get('Content-Type')).toMatch(/javascript/);
    expect(script.headers.get('Cache-Control')).toMatch(/immutable/);
    const asBrotli = { 'Accept-Encoding': 'gzip, deflate, br, zstd' };
    const smaller = await get('/assets/app-1a2b.js', asBrotli);
    expect(smaller.headers.get('Content-Encoding')).toBe('br');
    expect(smaller.headers.get('Vary')).toMatch(/Accept-Encoding/);
    expect(brotliDecompressSync(await smaller.arrayBuffer()).toString()).toBe(await script.text());
    expect(smaller.headers.get('ETag')).not.toBe(script.headers.get('ETag'));
    const known = { ...asBrotli, 'If-None-Match': smaller.headers.get('ETag') ?? '' };
    expect((await get('/assets/app-1a2b.js', known)).status).toBe(304);
    expect((await get('/', asBrotli)).headers.get('Content-Encoding')).toBe('gzip');
    expect((await get('/assets/app-1a2b.js.br')).status).toBe(404);
    expect((await get('/', { Accept: '*/*' })).headers.get('Content-Type')).toMatch(/json/);
    expect((await get('/api/')).headers.get('Content-Type')).toMatch(/json/);
    expect((await get('/assets/none.js')).status).toBe(404);
    expect((await get('/assets/..%2findex.html')).status).toBe(404);
  });

  test('without a built page it is JSON, and a folder that is not there is no page', async () => {
    expect(await loadPage(join(folder, 'nowhere'))).toBeNull();
    const response = await stubbedApp({}).request(
      `${HOME}/`,
      { headers: { Accept: BROWSER } },
      peer('127.0.0.1'),
    );
    expect(response.headers.get('Content-Type')).toMatch(/json/);
  });
});

const RULES: AccessRules = { accessTokens: ['a', 'b'], adminTokens: [], corsOrigins: [], place: 'cloud' };

describe('rate limit', () => {
  test('is off by default', async () => {
    const app = stubbedApp({ accessTokens: ['t'] });
    for (let i = 0; i < 200; i++) expect((await app.request(`${HOME}/healthz`)).status).toBe(200);
  });

  test('so many a minute, each token for itself, then 429 that says when to come again', async () => {
    let now = 0;
    const app = new Hono<ApiEnv>().use(rateLimit(3, RULES, () => now)).get('/', c => c.text('ok'));
    const ask = (token: string) => app.request('/', { headers: { 'X-Access-Token': token } });
    for (let i = 0; i < 3; i++) expect((await ask('a')).status).toBe(200);
    const rejected = await ask('a');
    expect([rejected.status, rejected.headers.get('Retry-After')]).toEqual([429, '20']);
    expect(await rejected.json()).toMatchObject({
      code: 'too_many_requests',
      detail: expect.any(String),
      parameters: { seconds: 20 },
    });
    expect((await ask('b')).status).toBe(200);
    now += 20_000;
    expect((await ask('a')).status).toBe(200);
    expect((await ask('a')).status).toBe(429);
  });

  test('new tokens that are none of ours are no way around it', async () => {
    const app = new Hono<ApiEnv>().use(rateLimit(1, RULES, () => 0)).get('/', c => c.text('ok'));
    const ask = (token: string) =>
      app.request('/', { headers: { 'X-Access-Token': token } }, peer('192.0.2.1'));
    expect((await ask('made-up-1')).status).toBe(200);
    expect((await ask('made-up-2')).status).toBe(429);
  });

  test('is what SEMBLANCE_RATE_LIMIT sets, by address where there is no token', async () => {
    const app = stubbedApp({ rateLimit: 1, place: 'cloud' });
    const ask = (address: string) => app.request(`${HOME}/healthz`, {}, peer(address));
    expect((await ask('192.0.2.1')).status).toBe(200);
    expect((await ask('192.0.2.1')).status).toBe(429);
    expect((await ask('192.0.2.2')).status).toBe(200);
  });

  test('counts by the address that the router saw, never by a header that a client makes up', async () => {
    const ask = (app: ReturnType<typeof stubbedApp>, headers: Record<string, string>) =>
      app.request(`${HOME}/healthz`, { headers }, peer('192.0.2.1'));
    const bare = stubbedApp({ rateLimit: 1, place: 'cloud' });
    expect((await ask(bare, { 'X-Forwarded-For': '198.51.100.1' })).status).toBe(200);
    expect((await ask(bare, { 'X-Forwarded-For': '198.51.100.2' })).status).toBe(429);
    expect((await ask(bare, { 'X-Semblance-Viewer': '198.51.100.3' })).status).toBe(429);
    const routed = stubbedApp({ rateLimit: 1, place: 'cloud', routerSecret: 'r'.repeat(40) });
    const through = (viewer: string) =>
      ask(routed, { 'X-Semblance-Router': 'r'.repeat(40), 'X-Semblance-Viewer': viewer });
    expect((await through('198.51.100.1')).status).toBe(200);
    expect((await through('198.51.100.2')).status).toBe(200);
    expect((await through('198.51.100.1')).status).toBe(429);
  });
});

test.each(['/', '/healthz', '/search/text/dog', '/nowhere', '/admin/server_info'])(
  'a response for %s is not reused by a cache without revalidation',
  async path => {
    const response = await stubbedApp().request(`${HOME}${path}`, {}, peer('192.0.2.1'));
    expect(response.headers.get('Cache-Control')).toBe('private, no-cache');
  },
);

describe('behind a router', () => {
  const app = stubbedApp({ ...BOTH_TOKENS, place: 'cloud', routerSecret: 'r'.repeat(40) });

  test.each(['/', '/healthz', '/api/search/text/dog', '/openapi.json'])(
    'a request for %s that goes around it is rejected, whatever tokens it has',
    async path => {
      for (const headers of [
        { 'X-Access-Token': 'read-me', 'X-Admin-Token': 'rule-me' },
        { 'X-Semblance-Router': 'wrong' },
        { 'X-Semblance-Router': '' },
      ]) {
        const response = await app.request(`${HOME}${path}`, { headers }, peer('192.0.2.1'));
        expect(response.status).toBe(403);
        expect(await response.json()).toMatchObject({ code: 'router_bypassed' });
      }
    },
  );

  test('one that came through it is served', async () => {
    const headers = { 'X-Semblance-Router': 'r'.repeat(40) };
    expect((await app.request(`${HOME}/healthz`, { headers }, peer('192.0.2.1'))).status).toBe(200);
  });
});

describe('the log', () => {
  const logged = async (path: string, deps = {}) => {
    const lines: [string, unknown][] = [];
    const at = (level: string) => (_: string, fields: unknown) => void lines.push([level, fields]);
    const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
    const response = await stubbedApp({ accessTokens: ['t'] }, { log, ...deps }).request(HOME + path, {
      headers: { 'X-Access-Token': 't', 'X-Request-Id': 'asked-for-1' },
    });
    return { response, lines };
  };

  test('has a line for each request with its id, and nothing of what was searched', async () => {
    const { response, lines } = await logged('/search/text/my%20secret?count=0');
    expect(response.headers.get('X-Request-Id')).toBe('asked-for-1');
    expect(lines).toEqual([
      [
        'info',
        expect.objectContaining({
          request_id: 'asked-for-1',
          method: 'GET',
          route: '/search/text/:prompt{.+}',
          status: 422,
          code: 'invalid_request',
        }),
      ],
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  test('has the cause of a fault, of which the client learns the request id alone', async () => {
    const { response, lines } = await logged('/images');
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      detail: 'Internal Server Error',
      code: 'internal',
      request_id: 'asked-for-1',
    });
    expect(lines).toEqual([
      ['error', expect.objectContaining({ error: expect.stringContaining('index was touched') })],
    ]);
  });

  test('what may heal is a 503 that says when to come again', async () => {
    const ready = () => Promise.reject(new SemblanceError('index_unavailable', 'no response'));
    const { response } = await logged('/readyz', { ready });
    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '5']);
  });
});

test('behind Lambda a file that its 6 MB don’t hold is 413, and the way around is named', async () => {
  const limits = lambdaLimits({ maxBytes: 50_000_000, maxPixels: 1 });
  const app = stubbedApp({ ...BOTH_TOKENS, place: 'cloud' }, { limits });
  const form = new FormData();
  form.append('image_file', new Blob([new Uint8Array(4_500_000)]), 'x.jpg');
  const response = await app.request('https://x.on.aws/api/admin/upload?local=true', {
    method: 'POST',
    headers: { 'X-Admin-Token': 'rule-me' },
    body: form,
  });
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({
    code: 'request_too_large',
    detail: expect.stringContaining('POST /uploads'),
  });
});

describe('bodies of JSON', () => {
  const post = (body: string | Uint8Array<ArrayBuffer>) =>
    stubbedApp({ accessTokens: ['t'] }).request(`${HOME}/search/advanced`, {
      method: 'POST',
      headers: { 'X-Access-Token': 't', 'Content-Type': 'application/json' },
      body,
    });

  test('more than 1 MiB is rejected', async () => {
    expect((await post(`{"criteria":["${'x'.repeat(1_100_000)}"]}`)).status).toBe(413);
  });

  test('deep nesting, odd keys and bytes that are no text are bad input, not faults', async () => {
    const deep = '['.repeat(400_000) + ']'.repeat(400_000);
    for (const body of [
      deep,
      '{"__proto__":{"criteria":["x"]}}',
      new Uint8Array([0xff, 0xfe, 0x00]),
      'null',
      '"x"',
      '7',
    ])
      expect((await post(body)).status).toBe(422);
  });

  test('a response repeats little of what was sent', async () => {
    const response = await post(JSON.stringify({ criteria: 'y'.repeat(500_000) }));
    expect((await response.text()).length).toBeLessThan(2_000);
  });
});

test('the document names the base of its request, and is the same otherwise', async () => {
  const app = stubbedApp();
  const of = async (path: string) =>
    (await app.request(HOME + path)).json() as Promise<{ servers: unknown; paths: unknown }>;
  const [root, api] = await Promise.all([of('/openapi.json'), of('/api/openapi.json')]);
  expect([root.servers, api.servers]).toEqual([[{ url: '/' }], [{ url: '/api' }]]);
  expect(api.paths).toEqual(root.paths);
});
