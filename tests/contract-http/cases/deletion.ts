import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import type { Suite } from '../suite-helpers.ts';

export function deletionCases(suite: Suite): void {
  const { check, call, idsOf, uploaded, idOf, imageOf, load, add, info, indexed, uploads } = suite;
  const trashed = async (): Promise<string[]> =>
    z
      .object({ images: z.array(z.looseObject({ id: z.string() })) })
      .parse((await call('GET', '/admin/trash')).json)
      .images.map(({ id }) => id);
  describe('delete', () => {
    check(
      'DELETE /admin/delete/{image_id}',
      'its file is gone, a second time 404, and it can come again',
      async () => {
        const { id, bytes } = uploaded('big');
        const { url, thumbnail_url: thumbnail } = await imageOf(id);
        expect((await load(url)).status).toBe(200);
        expect((await call('DELETE', `/admin/delete/${id}`)).status).toBe(200);
        const page = await call('GET', '/images/', { query: { prev_offset_id: id } });
        expect(page.status, 'a listing whose cursor was deleted goes on').toBe(200);
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
    check('POST /admin/trash/restore', 'what was deleted comes back with its annotations', async () => {
      const { id } = uploaded('big');
      const annotations = { starred: true, categories: ['kept'], comments: 'a note' };
      expect((await call('PUT', `/admin/update_opt/${id}`, { json: annotations })).status).toBe(200);
      expect((await call('DELETE', `/admin/delete/${id}`)).status).toBe(200);
      expect(await trashed()).toContain(id);
      const restored = await call('POST', '/admin/trash/restore', { json: { ids: [id, randomUUID()] } });
      expect(restored.json).toMatchObject({
        results: [
          { id, ok: true },
          { ok: false, code: 'not_found' },
        ],
      });
      await indexed();
      expect(await imageOf(id)).toMatchObject(annotations);
      expect((await load((await imageOf(id)).url)).status).toBe(200);
      expect(await trashed()).not.toContain(id);
    });
    check('DELETE /admin/trash', 'what is emptied never comes back', async () => {
      const { id, bytes } = uploaded('big');
      expect((await call('DELETE', `/admin/delete/${id}`)).status).toBe(200);
      const emptied = await call('DELETE', '/admin/trash', { json: { ids: [id] } });
      expect(emptied.json).toMatchObject({ deleted: 1 });
      expect(await trashed()).not.toContain(id);
      const { json } = await call('POST', '/admin/trash/restore', { json: { ids: [id] } });
      expect(json).toMatchObject({ results: [{ ok: false, code: 'not_found' }] });
      await add('big', bytes);
      await indexed();
    });
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
