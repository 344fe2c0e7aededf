import { describe, expect, test } from 'vitest';
import { nothingPassedOver } from '../../shared/catalog/passed-over.ts';
import { peer, stubbedApp } from './app-stub.ts';

/** Whom a laptop without tokens responds to: its own page and programs, not other sites' pages. */
const stage = { waiting: 0, secondsLeft: null };
const counts = {
  images: 0,
  queued: 0,
  inWork: 0,
  pictures: stage,
  words: stage,
  passedOver: nothingPassedOver(),
};
const laptop = stubbedApp({}, { library: { counts: async () => counts } as never });

const status = async (
  headers: Record<string, string>,
  path = '/admin/server_info',
  address = '127.0.0.1',
  app = laptop,
): Promise<number> =>
  (
    await app.request(
      `http://127.0.0.1:3000${path}`,
      { headers: { Host: '127.0.0.1:3000', ...headers } },
      peer(address),
    )
  ).status;

describe('admin on a laptop without an admin token', () => {
  test.each([
    ['a program', {}],
    ['its own page', { Origin: 'http://127.0.0.1:3000', 'Sec-Fetch-Site': 'same-origin' }],
    ['its own page by name', { Host: 'localhost:3000', Origin: 'http://localhost:3000' }],
    ['by IPv6', { Host: '[::1]:3000' }],
    ['an address that the user typed', { 'Sec-Fetch-Site': 'none' }],
  ])('is open to %s', async (_, headers) => {
    expect(await status(headers)).toBe(200);
    expect(await status(headers, '/admin/server_info', '::1')).toBe(200);
    expect(await status(headers, '/admin/server_info', '::ffff:127.0.0.1')).toBe(200);
  });

  test.each([
    ['a foreign page', { Origin: 'https://evil.example' }],
    ['a page of another port', { Origin: 'http://127.0.0.1:8080' }],
    ['a sandboxed page', { Origin: 'null' }],
    ['an image on a foreign page', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a page of a neighbouring site', { 'Sec-Fetch-Site': 'same-site' }],
    ['a name that was rebound to it', { Host: 'evil.example:3000' }],
    ['a rebound name with its page', { Host: 'evil.example', Origin: 'http://evil.example' }],
    ['a name that only looks like it', { Host: 'localhost.evil.example' }],
    ['no proper host', { Host: '::::' }],
    ['a proxy', { 'X-Forwarded-For': '203.0.113.9' }],
  ])('is closed to %s', async (_, headers) => {
    expect(await status(headers)).toBe(403);
  });

  test('is closed to other machines', async () => {
    for (const address of ['192.168.1.7', '10.0.0.1', '::ffff:192.168.1.7'])
      expect(await status({ Host: '192.168.1.5:3000' }, '/admin/server_info', address)).toBe(403);
  });

  test('GET / says so to each', async () => {
    const admin = async (headers: Record<string, string>, address: string) => {
      const response = await laptop.request(
        'http://127.0.0.1:3000/',
        { headers: { Host: '127.0.0.1:3000', ...headers } },
        peer(address),
      );
      return ((await response.json()) as { admin_api: unknown }).admin_api;
    };
    expect(await admin({}, '127.0.0.1')).toEqual({ available: true, passed: true });
    expect(await admin({}, '192.168.1.7')).toEqual({ available: false, passed: false });
  });
});

describe('reading from a laptop without an access token', () => {
  test('is rejected to foreign pages and rebound names, static files too', async () => {
    for (const path of ['/', '/healthz', '/static/x', '/search/text/x?count=0']) {
      expect(await status({ Origin: 'https://evil.example' }, path)).toBe(403);
      expect(await status({ Host: 'evil.example' }, path)).toBe(403);
    }
  });

  test('is allowed by address, from the same network too', async () => {
    expect(await status({ Host: '192.168.1.5:3000' }, '/healthz', '192.168.1.7')).toBe(200);
  });

  test('is allowed to configured origins, whose names may also be its own', async () => {
    const app = stubbedApp({ corsOrigins: ['https://gallery.example', 'http://mylaptop.local:3000'] });
    const ask = (headers: Record<string, string>) =>
      app.request('http://127.0.0.1/healthz', { headers }, peer('127.0.0.1'));
    const allowed = await ask({ Origin: 'https://gallery.example', Host: '127.0.0.1' });
    expect([allowed.status, allowed.headers.get('Access-Control-Allow-Origin')]).toEqual([
      200,
      'https://gallery.example',
    ]);
    expect((await ask({ Host: 'mylaptop.local:3000' })).status).toBe(200);
    expect((await ask({ Origin: 'https://other.example', Host: '127.0.0.1' })).status).toBe(403);
  });

  test('needs no such care where an access token decides', async () => {
    const app = stubbedApp({ accessTokens: ['t'] });
    const response = await app.request('http://images.example/healthz', {
      headers: { Host: 'images.example', Origin: 'https://evil.example' },
    });
    expect([response.status, response.headers.get('Access-Control-Allow-Origin')]).toEqual([
      200,
      'https://evil.example',
    ]);
  });
});

describe('in the cloud without an access token', () => {
  const cloud = stubbedApp({ place: 'cloud', corsOrigins: ['https://page.example'] });
  test('responds to every page, but lets only the configured one read', async () => {
    const of = async (Origin: string) => {
      const response = await cloud.request('https://x.on.aws/healthz', { headers: { Origin } });
      return [response.status, response.headers.get('Access-Control-Allow-Origin')];
    };
    expect(await of('https://page.example')).toEqual([200, 'https://page.example']);
    expect(await of('https://evil.example')).toEqual([200, null]);
  });
  test('a preflight of another origin is rejected', async () => {
    const preflight = (Origin: string) =>
      cloud.request('https://x.on.aws/images', {
        method: 'OPTIONS',
        headers: { Origin, 'Access-Control-Request-Method': 'GET' },
      });
    expect((await preflight('https://evil.example')).status).toBe(400);
    expect((await preflight('https://page.example')).status).toBe(200);
  });
});
