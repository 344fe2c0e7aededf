import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import type { Suite } from '../suite-helpers.ts';

export function changesCases(suite: Suite): void {
  const { check, call, idsOf, idOf, imageOf, detailOf } = suite;
  describe('changes', () => {
    const update = (id: string, json: unknown) => call('PUT', `/admin/update_opt/${id}`, { json });
    check('PUT /admin/update_opt/{image_id}', 'a star and a category, then the filter finds it', async () => {
      expect((await update(idOf('rocket'), { starred: true, categories: ['space'] })).status).toBe(200);
      expect(await idsOf('GET', '/search/text/anything', { query: { categories: 'space' } })).toEqual([
        idOf('rocket'),
      ]);
      expect(await idsOf('GET', '/search/text/anything', { query: { starred: true } })).toContain(
        idOf('rocket'),
      );
    });
    check(
      'PUT /admin/update_opt/{image_id}',
      'null keeps; [] and "" are stored; all else stays',
      async () => {
        const before = await imageOf(idOf('dog'));
        expect((await update(idOf('dog'), { starred: true, categories: null, comments: null })).status).toBe(
          200,
        );
        const { url: _, preview_url: _p, ...after } = await imageOf(idOf('dog'));
        expect({ ...before, starred: true }).toMatchObject(after);
        expect((await update(idOf('dog'), { categories: [], comments: '' })).status).toBe(200);
        expect(await imageOf(idOf('dog'))).toMatchObject({ categories: [], comments: '', starred: true });
        await update(idOf('dog'), { categories: ['pets'], starred: false, comments: 'Rex' });
      },
    );
    check('PUT /admin/update_opt/{image_id}', 'url and thumbnail of an image elsewhere', async () => {
      const urls = { url: 'https://example.com/b.jpeg', thumbnail_url: 'https://example.com/b.webp' };
      expect((await update(idOf('remote given'), urls)).status).toBe(200);
      expect(await imageOf(idOf('remote given'))).toMatchObject(urls);
      expect((await update(idOf('remote always'), { url: urls.url })).status).toBe(200);
    });
    check(
      'PUT /admin/update_opt/{image_id}',
      'a local url or thumbnail can not be changed: 422 in words',
      async () => {
        for (const [key, json] of [
          ['cat', { url: 'https://example.com' }],
          ['cat', { thumbnail_url: 'https://example.com', starred: true }],
          ['remote always', { thumbnail_url: 'https://example.com' }],
        ] as const) {
          const before = await imageOf(idOf(key));
          const response = await update(idOf(key), json);
          expect(response.status).toBe(422);
          expect(detailOf(response)).toBeTypeOf('string');
          expect((await imageOf(idOf(key))).starred).toBe(before.starred);
        }
      },
    );
    check('PUT /admin/update_opt/{image_id}', 'nothing to change: 422 in words, before the 404', async () => {
      for (const json of [{}, { starred: null }, { unknown: 1 }]) {
        const response = await update(randomUUID(), json);
        expect(response.status).toBe(422);
        expect(detailOf(response)).toBeTypeOf('string');
      }
      expect((await update(randomUUID(), { starred: true })).status).toBe(404);
    });
    check('PUT /admin/images', 'many at once, each with its outcome', async () => {
      const unknown = randomUUID();
      const { status, json } = await call('PUT', '/admin/images', {
        json: { ids: [idOf('cat'), idOf('pizza'), unknown], set: { categories: ['many'] } },
      });
      expect(status).toBe(200);
      expect(json).toMatchObject({
        results: [{ ok: true }, { ok: true }, { id: unknown, ok: false, code: 'not_found' }],
      });
      expect(new Set(await idsOf('GET', '/search/random', { query: { categories: 'many' } }))).toEqual(
        new Set([idOf('cat'), idOf('pizza')]),
      );
    });
    check('PUT /admin/images', 'no ids, too many, nothing to set: 422', async () => {
      for (const json of [
        { ids: [], set: { starred: true } },
        { ids: Array(1001).fill(randomUUID()), set: {} },
        { ids: [randomUUID()], set: {} },
      ])
        expect((await call('PUT', '/admin/images', { json })).status).toBe(422);
    });
    check('GET /admin/failures', 'a list, and retrying nothing is nothing', async () => {
      expect((await call('GET', '/admin/failures')).status).toBe(200);
      const { json } = await call('POST', '/admin/failures/retry', { json: { ids: [randomUUID()] } });
      expect(json).toMatchObject({ retried: 0 });
    });
    check('POST /admin/failures/retry', 'ids that are none: 422', async () => {
      expect((await call('POST', '/admin/failures/retry', { json: { ids: ['x'] } })).status).toBe(422);
    });
    check('GET /admin/events', 'begins with where the library stands', async () => {
      const stop = new AbortController();
      const response = await fetch(`${suite.server().baseUrl}/admin/events`, {
        headers: { 'X-Admin-Token': suite.server().adminToken ?? '' },
        signal: stop.signal,
      });
      expect(response.headers.get('Content-Type')).toMatch(/^text\/event-stream/);
      let text = '';
      for await (const chunk of response.body ?? []) {
        text += new TextDecoder().decode(chunk);
        if (text.includes('\n\n')) break;
      }
      stop.abort();
      expect(text).toMatch(/event: progress\ndata: \{.*"total":\d+/);
    });
  });
}
