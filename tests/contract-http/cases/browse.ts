import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { imageSchema, listSchema, type Suite } from '../suite-helpers.ts';

const orderedSchema = z.looseObject({ ...listSchema.shape, next_cursor: z.string().nullable() });
const querySchema = z.looseObject({
  result: z.array(z.looseObject({ img: imageSchema })),
  facets: z.record(z.string(), z.array(z.looseObject({ value: z.unknown(), count: z.number() }))),
  next_cursor: z.string().nullable(),
});
const browsed = z.looseObject({
  id: z.string(),
  bytes: z.number(),
  taken_at: z.string(),
  index_date: z.string(),
});

export function browseCases(suite: Suite): void {
  const { check, call, idOf, add, indexed, uploads } = suite;
  const list = async (query: Record<string, string | number>) => {
    const response = await call('GET', '/images', { query });
    expect(response.status, JSON.stringify(response.json)).toBe(200);
    return orderedSchema.parse(response.json);
  };
  /** All pages of an order. */
  const walk = async (query: Record<string, string>) => {
    const found: z.infer<typeof browsed>[] = [];
    let cursor: string | null = null;
    do {
      const page: z.infer<typeof orderedSchema> = await list({
        ...query,
        count: 3,
        ...(cursor === null ? {} : { cursor }),
      });
      found.push(...page.images.map(image => browsed.parse(image)));
      cursor = page.next_cursor;
    } while (cursor !== null);
    return found;
  };

  describe('browsing', () => {
    for (const [order, value] of [
      ['taken_at', (image: z.infer<typeof browsed>) => Date.parse(image.taken_at)],
      ['added', (image: z.infer<typeof browsed>) => Date.parse(image.index_date)],
      ['size', (image: z.infer<typeof browsed>) => image.bytes],
    ] as const) {
      check('GET /images', `by ${order}: every one once, in either direction`, async () => {
        const down = await walk({ order_by: order });
        const values = down.map(value);
        expect(values).toEqual(values.toSorted((a, b) => b - a));
        expect(new Set(down.map(({ id }) => id)).size).toBe(down.length);
        expect(down.map(({ id }) => id)).toEqual(
          expect.arrayContaining([...uploads.values()].map(({ id }) => id)),
        );
        const up = (await walk({ order_by: order, order: 'asc' })).map(value);
        expect(up).toEqual(values.toReversed());
      });
    }
    check('GET /images', 'by id and by name all are there, with a cursor too', async () => {
      const ids = (await walk({ order_by: 'id' })).map(({ id }) => id);
      expect(ids).toEqual(ids.toSorted());
      expect((await walk({ order_by: 'name' })).length).toBe(ids.length);
    });
    check('GET /images', 'goes on where it was when the image its cursor names was deleted', async () => {
      for (const query of [{ order_by: 'size', order: 'asc' }, { order_by: 'id' }]) {
        const key = `passing-${query.order_by}`;
        await add(key, await suite.unlike({ emoji: 'rainbow', width: 64, height: 64 }));
        await indexed();
        const all = (await walk(query)).map(({ id }) => id);
        const at = all.indexOf(idOf(key));
        const until = await list({ ...query, count: at + 1 });
        expect(until.images.at(-1)?.id).toBe(idOf(key));
        expect((await call('DELETE', `/admin/delete/${idOf(key)}`)).status).toBe(200);
        uploads.delete(key);
        if (until.next_cursor === null) continue;
        const rest = await list({ ...query, count: 100, cursor: until.next_cursor });
        expect(rest.images.map(({ id }) => id)).toEqual(all.slice(at + 1));
      }
    });
    check('GET /images', 'filters hold in any order', async () => {
      const { images } = await list({ order_by: 'taken_at', formats: 'png', count: 100 });
      expect(images.map(({ id }) => id)).toContain(idOf('pizza'));
      expect(new Set(images.map(({ format }) => format))).toEqual(new Set(['png']));
      expect((await list({ order_by: 'taken_at', folders: 'nowhere' })).images).toEqual([]);
      expect((await list({ order_by: 'taken_at', cameras: 'Nikon' })).images).toEqual([]);
    });
    check('GET /images', 'by words of the name that an upload came with, in its order too', async () => {
      const stamp = Date.now();
      const names = [`Trip_${stamp} 10.png`, `Trip_${stamp} 9 猫咪.png`];
      for (const [i, name] of names.entries()) {
        const response = await suite.upload(
          await suite.unlike({ emoji: 'rainbow', width: 64, height: 64, format: 'png' }),
          {},
          'image/png',
          name,
        );
        suite.note(`named-${i}`, new Uint8Array(), response);
      }
      await indexed();
      const ids = async (name: string, order: Record<string, string> = {}) =>
        (await list({ order_by: 'name', name, ...order })).images.map(({ id }) => id);
      expect(await ids(`trip ${stamp}`)).toEqual([idOf('named-1'), idOf('named-0')]);
      expect(await ids(`trip ${stamp}`, { order: 'desc' })).toEqual([idOf('named-0'), idOf('named-1')]);
      expect(await ids(`${stamp} 10`)).toEqual([idOf('named-0')]);
      expect(await ids('猫')).toEqual([idOf('named-1')]);
      expect(await ids(`${stamp} trip`)).toEqual([]);
      expect(await ids('...')).toEqual([]);
      const json = { filter: { name: `trip ${stamp}` }, order_by: 'size' };
      expect(querySchema.parse((await call('POST', '/search/query', { json })).json).result).toHaveLength(2);
    });
    check('GET /images', 'by what the camera wrote, which every image carries', async () => {
      const photo = await sharp(await suite.unlike({ emoji: 'panda', width: 80, height: 80 }))
        .withExif({ IFD0: { Make: 'Nikon', Model: `Z${Date.now()}` }, IFD2: { FNumber: '28/10' } })
        .jpeg()
        .toBuffer();
      await add('photo', new Uint8Array(photo));
      await indexed();
      const { exif } = z
        .looseObject({ exif: z.looseObject({ camera: z.string(), f_number: z.number() }) })
        .parse(await suite.imageOf(idOf('photo')));
      expect(exif.f_number).toBe(2.8);
      const { images } = await list({ order_by: 'added', cameras: `Leica M1,${exif.camera}` });
      expect(images.map(({ id }) => id)).toEqual([idOf('photo')]);
      const json = { filter: { cameras: [exif.camera] }, order_by: 'added', facets: ['cameras', 'folders'] };
      const { facets } = querySchema.parse((await call('POST', '/search/query', { json })).json);
      expect(facets).toEqual({ cameras: [{ value: exif.camera, count: 1 }], folders: [] });
    });
    for (const query of [
      { order_by: 'colour' },
      { order_by: 'size', cursor: 'nonsense' },
      { order_by: 'size', cursor: Buffer.from('["taken_at desc",[1],"x"]').toString('base64url') },
      { order_by: 'id', order: 'desc' },
      { order_by: 'size', prev_offset_id: randomUUID() },
    ]) {
      check('GET /images', `${JSON.stringify(query)}: 422`, async () => {
        expect((await call('GET', '/images', { query })).status).toBe(422);
      });
    }
    check('GET /images', 'a cursor of another order: 422', async () => {
      const { next_cursor: cursor } = await list({ order_by: 'size', count: 1 });
      const query = { order_by: 'added', cursor: cursor ?? '' };
      expect((await call('GET', '/images', { query })).status).toBe(422);
    });
    check('GET /images/sketches', 'has what a map is drawn by, of every image once', async () => {
      const page = z.looseObject({
        images: z.array(z.looseObject({ id: z.string() })),
        dimension: z.number(),
        codes: z.string(),
        next_page_offset: z.string().nullable(),
      });
      const seen: string[] = [];
      let offset: string | null = null;
      do {
        const query = { count: 2, ...(offset === null ? {} : { prev_offset_id: offset }) };
        const response = await call('GET', '/images/sketches', { query });
        expect(response.status).toBe(200);
        const { images, dimension, codes, next_page_offset: next } = page.parse(response.json);
        expect(Buffer.from(codes, 'base64')).toHaveLength(images.length * dimension);
        seen.push(...images.map(({ id }) => id));
        offset = next;
      } while (offset !== null);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toContain(idOf('cat'));
    });
    check('GET /images/months', 'counts all images, the latest month first', async () => {
      const months = z
        .object({ months: z.array(z.object({ month: z.string(), count: z.number() })) })
        .parse((await call('GET', '/images/months')).json).months;
      const all = await walk({ order_by: 'taken_at' });
      expect(months.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
      expect(months.map(({ month }) => month)).toEqual(
        [...new Set(all.map(image => image.taken_at.slice(0, 7)))].toSorted().toReversed(),
      );
      const { json } = await call('GET', '/images/months', { query: { date_from: '2999-01-01' } });
      expect(json).toMatchObject({ months: [] });
    });
    check('POST /search/query', 'a filter alone, in an order, paged by cursor, with facets', async () => {
      const query = { filter: { categories: ['pets'] }, order_by: 'size', count: 1, facets: ['categories'] };
      const first = querySchema.parse((await call('POST', '/search/query', { json: query })).json);
      expect(first.facets['categories']).toContainEqual(expect.objectContaining({ value: 'pets', count: 2 }));
      const json = { ...query, cursor: first.next_cursor };
      const second = querySchema.parse((await call('POST', '/search/query', { json })).json);
      const ids = [...first.result, ...second.result].map(({ img }) => img.id);
      expect(new Set(ids)).toEqual(new Set([idOf('cat-2'), idOf('dog')]));
      expect(second.next_cursor).toBeNull();
    });
    for (const json of [
      { order_by: 'size', criteria: [{ text: 'cat' }] },
      { order_by: 'size', words: 'cat' },
      { order_by: 'size', skip: 1 },
      { order_by: 'size', filter: { min_score: 0.1 } },
      { order_by: 'size', filter: { min_fit: 0.5 } },
      { criteria: [{ text: 'cat' }], cursor: 'x' },
      { order: 'asc' },
    ]) {
      check('POST /search/query', `${JSON.stringify(json)}: 422`, async () => {
        expect((await call('POST', '/search/query', { json })).status).toBe(422);
      });
    }
  });
}
