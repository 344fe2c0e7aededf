import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import type { Suite } from '../suite-helpers.ts';

const searchSchema = z.object({ search: z.looseObject({ id: z.uuid(), name: z.string() }) });
const searchesSchema = z.looseObject({ searches: z.array(z.looseObject({ id: z.uuid() })) });
const albumsSchema = z.looseObject({
  albums: z.array(
    z.looseObject({
      category: z.string(),
      count: z.number(),
      pinned: z.boolean(),
      cover: z.looseObject({ id: z.uuid() }).nullable(),
    }),
  ),
});

export function savedCases(suite: Suite): void {
  const { check, call, idOf } = suite;
  describe('what people keep', () => {
    const query = { criteria: [{ text: 'cat' }], filter: { starred: true } };
    check(
      'POST /admin/saved-searches',
      'a search by name, that can be renamed, pinned and forgotten',
      async () => {
        const saved = await call('POST', '/admin/saved-searches', { json: { name: 'Cats 猫', query } });
        const { search } = searchSchema.parse(saved.json);
        expect(search).toMatchObject({ name: 'Cats 猫', query, pinned: false });
        const path = `/admin/saved-searches/${search.id}`;
        const changed = await call('PUT', path, { json: { pinned: true, query: null } });
        expect(changed.json).toMatchObject({ search: { name: 'Cats 猫', query, pinned: true } });
        expect((await call('GET', '/saved-searches')).json).toMatchObject({
          searches: [{ id: search.id, query }],
        });
        expect((await call('DELETE', path)).status).toBe(200);
        expect(searchesSchema.parse((await call('GET', '/saved-searches')).json).searches).toEqual([]);
        expect((await call('PUT', path, { json: { pinned: true } })).status).toBe(404);
      },
    );
    check(
      'POST /admin/saved-searches',
      'a search that can not be run, or has a file, is not kept: 422',
      async () => {
        for (const json of [
          { name: 'x', query: {} },
          { name: 'x', query: { criteria: [{ text: 'a', wieght: 1 }] } },
          { name: 'x', query: { criteria: [{ file: 0 }] } },
          { name: '', query },
          { query },
        ])
          expect((await call('POST', '/admin/saved-searches', { json })).status).toBe(422);
      },
    );
    check('GET /albums', 'every category with its count and a cover that can be chosen', async () => {
      const albums = async () => albumsSchema.parse((await call('GET', '/albums')).json).albums;
      const pets = (await albums()).find(({ category }) => category === 'pets');
      expect(pets).toMatchObject({ count: 2, pinned: false });
      expect([idOf('cat-2'), idOf('dog')]).toContain(pets?.cover?.id);
      for (const cover of [idOf('dog'), idOf('cat-2')]) {
        const json = { cover, pinned: true };
        expect((await call('PUT', '/admin/albums/pets', { json })).status).toBe(200);
        const [first] = await albums();
        expect(first).toMatchObject({ category: 'pets', pinned: true, cover: { id: cover } });
      }
      expect((await call('PUT', '/admin/albums/pets', { json: { cover: idOf('pizza') } })).status).toBe(422);
      expect((await call('PUT', '/admin/albums/pets', { json: { cover: null, pinned: false } })).status).toBe(
        200,
      );
    });
    check('POST /admin/shares', 'is off unless it was switched on', async () => {
      const made = await call('POST', '/admin/shares', { json: { image_id: idOf('cat') } });
      expect([made.status, made.json]).toMatchObject([404, { code: 'sharing_off' }]);
      expect((await call('GET', `/shares/${randomUUID()}.1.x`, { tokens: 'none' })).status).toBe(404);
    });
  });
}
