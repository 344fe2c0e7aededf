import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { z } from 'zod';
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
        const { url: _, preview_url: _p, version: _v, ...after } = await imageOf(idOf('dog'));
        expect({ ...before, starred: true }).toMatchObject(after);
        expect((await update(idOf('dog'), { categories: [], comments: '' })).status).toBe(200);
        expect(await imageOf(idOf('dog'))).toMatchObject({ categories: [], comments: '', starred: true });
        await update(idOf('dog'), { categories: ['pets'], starred: false, comments: 'Rex' });
      },
    );
    check(
      'PUT /admin/update_opt/{image_id}',
      'categories are added and removed beside what others set, in one form of their names',
      async () => {
        await update(idOf('dog'), { categories: ['pets'] });
        const changes = await Promise.all([
          update(idOf('dog'), { add_categories: ['one'] }),
          update(idOf('dog'), { add_categories: [' two ', 'two', 'Zoë'.normalize('NFD')] }),
          update(idOf('dog'), { add_categories: ['three'], remove_categories: ['none'] }),
          update(idOf('dog'), { starred: true }),
          update(idOf('dog'), { starred: false }),
        ]);
        expect(changes.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
        const { categories } = await imageOf(idOf('dog'));
        expect(new Set(categories)).toEqual(new Set(['pets', 'one', 'two', 'three', 'Zoë']));
        expect(categories).toHaveLength(5);
        await update(idOf('dog'), { remove_categories: ['one', 'two', 'three', 'Zoë'] });
        expect((await imageOf(idOf('dog'))).categories).toEqual(['pets']);
        for (const add_categories of [[' '], ['a,b']])
          expect((await update(idOf('dog'), { add_categories })).status).toBe(422);
      },
    );
    check(
      'PUT /admin/update_opt/{image_id}',
      'a change that expects a version is rejected with the image as it is now',
      async () => {
        const versioned = z.looseObject({ version: z.string(), comments: z.string().nullable() });
        const { version } = versioned.parse(await imageOf(idOf('pizza')));
        const path = `/admin/update_opt/${idOf('pizza')}`;
        const mine = await call('PUT', path, { json: { comments: 'mine', version } });
        const next = versioned.pick({ version: true }).parse(mine.json).version;
        expect(mine.headers.get('ETag')).toContain(`"${next}"`);
        expect(versioned.parse(await imageOf(idOf('pizza')))).toMatchObject({
          comments: 'mine',
          version: next,
        });
        for (const stale of [
          { json: { comments: 'theirs', version } },
          { json: { comments: 'theirs' }, headers: { 'If-Match': `W/"${version}"` } },
        ]) {
          const theirs = await call('PUT', path, stale);
          expect([theirs.status, theirs.json]).toMatchObject([
            412,
            { code: 'version_conflict', current: { comments: 'mine', version: next } },
          ]);
        }
        const headers = { 'If-Match': `"${next}"` };
        expect((await call('PUT', path, { json: { comments: 'both' }, headers })).status).toBe(200);
        const any = { json: { comments: 'any' }, headers: { 'If-Match': '*' } };
        expect((await call('PUT', path, any)).status).toBe(200);
        const several = { json: { comments: 'x', version: 'b' }, headers: { 'If-Match': '"a"' } };
        expect((await call('PUT', path, several)).status).toBe(422);
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
      const list = await call('GET', '/admin/failures');
      expect([list.status, list.json]).toMatchObject([200, { failures: [], next: null }]);
      expect((await call('GET', '/admin/failures', { query: { count: 0 } })).status).toBe(422);
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
