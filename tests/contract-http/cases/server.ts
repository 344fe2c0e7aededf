import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { type Suite, welcomeSchema } from '../suite-helpers.ts';

export function serverCases(suite: Suite): void {
  const { check, call, info } = suite;
  describe('the server itself', () => {
    check('GET /healthz', 'it lives', async () =>
      expect((await call('GET', '/healthz', { tokens: 'none' })).status).toBe(200),
    );
    check('GET /readyz', 'it is ready', async () =>
      expect((await call('GET', '/readyz', { tokens: 'none' })).status).toBe(200),
    );
    check('GET /openapi.json', 'OpenAPI 3.1, with an ETag', async () => {
      const response = await call('GET', '/openapi.json', { tokens: 'none' });
      expect(response.json).toMatchObject({ openapi: '3.1.0' });
      const headers = { 'If-None-Match': response.headers.get('ETag') ?? '' };
      expect((await call('GET', '/openapi.json', { headers })).status).toBe(304);
    });
    for (const path of ['/docs', '/redoc'])
      check(`GET ${path}`, 'a page that loads nothing from elsewhere', async () => {
        const { bytes, headers } = await call('GET', path, { tokens: 'none' });
        expect(headers.get('Content-Security-Policy')).toMatch(
          /^default-src 'none'.*frame-ancestors 'none'$/,
        );
        expect(new TextDecoder().decode(bytes)).not.toMatch(/https?:\/\//);
      });
    check('GET /admin/server_info', 'counts, and an empty queue', async () => {
      expect(await info()).toMatchObject({ image_count: expect.any(Number), index_queue_length: 0 });
    });
    check('any', 'unknown paths 404, wrong methods 405 with Allow', async () => {
      expect((await call('GET', '/nothing', { tokens: 'none' })).status).toBe(404);
      const response = await call('POST', '/search/text/cat');
      expect([response.status, response.headers.get('Allow')]).toEqual([405, 'GET, HEAD']);
      expect((await call('DELETE', '/admin/upload')).status).toBe(405);
    });
    check('any', 'errors carry a code and the request id', async () => {
      const response = await call('GET', `/images/id/${randomUUID()}`);
      expect(response.json).toMatchObject({
        detail: expect.any(String),
        code: 'not_found',
        request_id: response.headers.get('X-Request-Id'),
      });
    });
    check('any', 'no response may be framed, or run anything', async () => {
      const { headers } = await call('GET', '/images');
      expect(headers.get('Content-Security-Policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    });
    check('any', 'below a prefix that a proxy took off, links carry it', async () => {
      const headers = { 'X-Forwarded-Prefix': '/gallery' };
      const { wiki } = welcomeSchema.parse((await call('GET', '/', { headers })).json);
      const own = welcomeSchema.parse((await call('GET', '/')).json).wiki;
      expect(wiki['openAPI']).toBe(`/gallery${own['openAPI']}`);
      const unclean = { 'X-Forwarded-Prefix': '//evil.example' };
      expect(welcomeSchema.parse((await call('GET', '/', { headers: unclean })).json).wiki).toEqual(own);
    });
    check('any', 'compressed for those who ask', async () => {
      const { headers } = await call('GET', '/images', {
        query: { count: 100 },
        headers: { 'Accept-Encoding': 'gzip' },
      });
      expect(headers.get('Content-Encoding')).toBe('gzip');
    });
    check('any', 'with an access token any origin may read, on errors too', async () => {
      const Origin = 'https://app.example';
      for (const path of ['/images', `/images/id/${randomUUID()}`]) {
        const { headers } = await call('GET', path, { headers: { Origin } });
        expect(headers.get('Access-Control-Allow-Origin')).toBe(Origin);
        expect(headers.get('Access-Control-Allow-Credentials')).toBe('true');
        expect(headers.get('Vary')).toMatch(/\bOrigin\b/);
      }
      const denied = await call('GET', '/images', { tokens: 'none', headers: { Origin } });
      expect([denied.status, denied.headers.get('Access-Control-Allow-Origin')]).toEqual([401, Origin]);
      const preflight = await fetch(`${suite.server().baseUrl}/admin/upload`, {
        method: 'OPTIONS',
        headers: {
          Origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'x-admin-token',
        },
      });
      expect(preflight.status).toBe(200);
      expect(preflight.headers.get('Access-Control-Allow-Headers')).toBe('x-admin-token');
      expect(preflight.headers.get('Access-Control-Max-Age')).toBe('600');
    });
  });
}
