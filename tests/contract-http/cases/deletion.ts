import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import type { Suite } from '../suite-helpers.ts';

export function deletionCases(suite: Suite): void {
  const { check, call, idsOf, uploaded, idOf, imageOf, load, add, info, indexed, uploads } = suite;
  describe('delete', () => {
    check(
      'DELETE /admin/delete/{image_id}',
      'its file is gone, a second time 404, and it can come again',
      async () => {
        const { id, bytes } = uploaded('big');
        const { url, thumbnail_url: thumbnail } = await imageOf(id);
        expect((await load(url)).status).toBe(200);
        expect((await call('DELETE', `/admin/delete/${id}`)).status).toBe(200);
        expect((await load(url)).status).toBe(404);
        expect((await load(thumbnail ?? '')).status).toBe(404);
        expect((await call('DELETE', `/admin/delete/${id}`)).status).toBe(404);
        expect((await call('DELETE', `/admin/delete/${randomUUID()}`)).status).toBe(404);
        expect((await call('GET', `/images/id/${id}`)).status).toBe(404);
        expect((await call('DELETE', '/admin/delete/x')).status).toBe(422);
        await add('big', bytes);
        expect(idOf('big')).toBe(id);
        await indexed();
      },
    );
    check('DELETE /admin/images', 'many at once, then nothing is left', async () => {
      const ids = [...uploads.values()].map(({ id }) => id);
      const { status, json } = await call('DELETE', '/admin/images', { json: { ids } });
      expect(status).toBe(200);
      expect(json).toMatchObject({ results: ids.map(id => ({ id, ok: true, code: null })) });
      uploads.clear();
      expect(await idsOf('GET', '/search/random', { query: { seed: 1 } })).toEqual([]);
      expect((await info()).image_count).toBe(0);
    });
  });
}
