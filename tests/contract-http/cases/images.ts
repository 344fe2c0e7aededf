import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import type { CallOptions } from '../documented-api.ts';
import { imageSchema, listSchema, type Suite } from '../suite-helpers.ts';

export function imagesCases(suite: Suite): void {
  const { check, call, idOf, imageOf, draw, indexed, uploads } = suite;
  describe('images', () => {
    check('GET /images/id/{image_id}', 'one image; a random id is 404, none 422', async () => {
      expect((await imageOf(idOf('dog'))).comments).toBe('Rex');
      expect((await call('GET', `/images/id/${randomUUID()}`)).status).toBe(404);
      expect((await call('GET', '/images/id/7')).status).toBe(422);
    });
    check('GET /images', 'ascending, every one once, with and without a slash', async () => {
      const ids: string[] = [];
      let offset: string | null = null;
      do {
        const query: CallOptions['query'] = { count: 2, ...(offset ? { prev_offset_id: offset } : {}) };
        const page = listSchema.parse((await call('GET', '/images/', { query })).json);
        ids.push(...page.images.map(({ id }) => id));
        offset = page.next_page_offset;
      } while (offset);
      expect(ids).toEqual(ids.toSorted());
      expect(ids).toEqual(expect.arrayContaining([...uploads.values()].map(({ id }) => id)));
      expect(new Set(ids).size).toBe(ids.length);
      expect((await call('GET', '/images')).status).toBe(200);
    });
    check('GET /images', 'from a middle id, that one comes first; an unknown one is 404', async () => {
      const page = listSchema.parse(
        (await call('GET', '/images/', { query: { prev_offset_id: idOf('dog'), count: 50 } })).json,
      );
      expect(page.images[0]?.id).toBe(idOf('dog'));
      expect((await call('GET', '/images/', { query: { prev_offset_id: randomUUID() } })).status).toBe(404);
      expect((await call('GET', '/images/', { query: { count: 0 } })).status).toBe(422);
    });
    check('GET /images', 'with an ETag, 304 while nothing changes', async () => {
      const ETag = (await call('GET', '/images')).headers.get('ETag') ?? '';
      expect((await call('GET', '/images', { headers: { 'If-None-Match': ETag } })).status).toBe(304);
    });
    check('GET /images', 'filters hold', async () => {
      const page = listSchema.parse((await call('GET', '/images/', { query: { categories: 'pets' } })).json);
      expect(new Set(page.images.map(({ id }) => id))).toEqual(new Set([idOf('cat-2'), idOf('dog')]));
    });
    check('GET /images/duplicates', 'no two of these look the same', async () => {
      const { json } = await call('GET', '/images/duplicates');
      expect(json).toMatchObject({ groups: [], next_page_offset: null });
    });
    check('GET /images/id/{image_id}/similar-groups', 'a re-encoded copy is in its group', async () => {
      await draw('copy-1', { emoji: 'panda', ground: '#f4f0e6', format: 'png' });
      await draw('copy-2', { emoji: 'panda', ground: '#f4f0e6', format: 'jpeg' });
      await indexed();
      const members = new Set([idOf('copy-1'), idOf('copy-2')]);
      const member = z.looseObject({ img: imageSchema });
      const schema = z.looseObject({ groups: z.array(z.looseObject({ images: z.array(member) })) });
      for (const path of [`/images/id/${idOf('copy-2')}/similar-groups`, '/images/duplicates']) {
        const { groups } = schema.parse((await call('GET', path)).json);
        expect(groups.map(({ images }) => new Set(images.map(({ img }) => img.id)))).toEqual([members]);
      }
      expect((await call('GET', `/images/id/${randomUUID()}/similar-groups`)).status).toBe(404);
    });
  });
}
