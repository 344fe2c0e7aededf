import { createHash, randomBytes } from 'node:crypto';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { drawImage } from '../drawn-images.ts';
import { fileForm, type Suite } from '../suite-helpers.ts';

/** Bytes after a JPEG that make it large. */
const JUNK = 500 * 1024;

export function uploadCases(suite: Suite): void {
  const {
    check,
    call,
    uploaded,
    idOf,
    imageOf,
    load,
    detailOf,
    upload,
    add,
    info,
    indexed,
    unlike,
    uploads,
  } = suite;
  describe('upload', () => {
    check('POST /admin/upload', 'what is counted loads, and its id comes from its bytes', async () => {
      expect((await info()).image_count).toBeGreaterThanOrEqual(7);
      for (const key of ['cat', 'pizza', 'rocket']) {
        const { url, thumbnail_url: thumbnail, format } = await imageOf(idOf(key));
        expect(format).toBe({ cat: 'jpeg', pizza: 'png', rocket: 'webp' }[key]);
        const file = await load(url);
        expect(file.status).toBe(200);
        expect(new Uint8Array(await file.arrayBuffer())).toEqual(uploaded(key).bytes);
        expect(thumbnail).toBeNull();
      }
    });
    check('POST /admin/upload', 'the same bytes twice: 409 with the id', async () => {
      const again = await upload(uploaded('cat').bytes);
      expect(again.status).toBe(409);
      expect(detailOf(again)).toContain(idOf('cat'));
      const fresh = await unlike({ emoji: 'spider' });
      const [first, second] = await Promise.all([upload(fresh), upload(fresh)]);
      expect([first.status, second.status].sort()).toEqual([200, 409]);
      const id = z
        .looseObject({ image_id: z.string() })
        .parse((first.status === 200 ? first : second).json).image_id;
      uploads.set('spider', { id, bytes: fresh, sha1: createHash('sha1').update(fresh).digest('hex') });
      await indexed();
    });
    check('POST /admin/upload', 'random bytes: 422 as .jpg, 415 as .tga; SVG 415', async () => {
      const noise = new Uint8Array(randomBytes(10_000));
      expect((await upload(noise, {}, 'image/jpeg', 'x.jpg')).status).toBe(422);
      expect((await upload(noise, {}, 'application/octet-stream', 'x.png')).status).toBe(422);
      expect((await upload(noise, {}, 'image/tga', 'x.tga')).status).toBe(415);
      const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>');
      expect((await upload(svg, {}, 'image/svg+xml', 'x.svg')).status).toBe(415);
      expect((await upload(svg, {}, 'image/png', 'x.png')).status).toBe(415);
    });
    check('POST /admin/upload', 'empty or truncated: 422 in words', async () => {
      for (const bytes of [new Uint8Array(0), uploaded('cat').bytes.slice(0, 2_000)]) {
        const response = await upload(bytes);
        expect(response.status).toBe(422);
        expect(detailOf(response)).toBeTypeOf('string');
      }
    });
    check(
      'POST /admin/upload',
      'and POST /search/image say the same of bytes that are no sound image',
      async () => {
        const drawn = await drawImage({ emoji: 'dog-face' });
        const raw = Buffer.concat([Buffer.from('II*\0\x10\0\0\0CR\x02\0', 'latin1'), Buffer.alloc(500)]);
        for (const [bytes, code] of [
          [new Uint8Array(0), 'image_empty'],
          [new TextEncoder().encode('Dear diary'), 'not_an_image'],
          [drawn.slice(0, 900), 'image_corrupt'],
          [new Uint8Array(raw), 'image_unsupported'],
        ] as const) {
          const form = fileForm(bytes, 'image/jpeg', 'x.jpg', 'image');
          const responses = [await upload(bytes), await call('POST', '/search/image', { form })];
          const rejections = responses.map(({ status, json }) => ({
            status,
            json: z.looseObject({ code: z.string(), detail: z.string() }).parse(json),
          }));
          expect(rejections.map(({ json }) => json.code)).toEqual([code, code]);
          expect(rejections[0]?.status).toBe(rejections[1]?.status);
          expect(rejections[0]?.json.detail).toBe(rejections[1]?.json.detail);
        }
      },
    );
    check('POST /admin/upload', 'content decides, never the name', async () => {
      await add('gif', await drawImage({ emoji: 'unicorn', format: 'gif' }));
      await indexed();
      const image = await imageOf(idOf('gif'));
      expect(image.format).toBe('gif');
      expect(decodeURIComponent(new URL(image.url, 'http://x').pathname)).toMatch(/\.gif$/);
    });
    check('POST /admin/upload', 'a bad query is rejected before anything else', async () => {
      const response = await upload(uploaded('cat').bytes, { local: 'maybe', local_thumbnail: 'sometimes' });
      expect(response.status).toBe(422);
      expect(detailOf(response)).toHaveLength(2);
    });
    check('POST /admin/upload', 'not local and no url: 422 in words', async () => {
      const response = await upload(await unlike({ emoji: 'ghost' }), { local: false });
      expect(response.status).toBe(422);
      expect(detailOf(response)).toBeTypeOf('string');
      const script = await upload(await unlike({ emoji: 'ghost' }), {
        local: false,
        url: 'javascript:alert(1)',
      });
      expect(script.status).toBe(422);
    });
    check('POST /admin/upload', 'no file: the field is missing', async () => {
      const response = await call('POST', '/admin/upload', { query: { local: true }, form: new FormData() });
      expect([400, 422]).toContain(response.status);
    });
    check('POST /admin/upload', 'thumbnails as requested', async () => {
      const small = () => unlike({ emoji: 'snail' });
      const big = async () => new Uint8Array(Buffer.concat([await small(), Buffer.alloc(JUNK)]));
      const remote = { local: false, url: 'https://example.com/a.jpeg' };
      const given = 'https://example.com/thumb.webp';
      await add('big', await big());
      await add('big never', await big(), { local_thumbnail: 'never' });
      await add('small', await small());
      await add('small always', await small(), { local_thumbnail: 'always' });
      await add('remote given', await small(), { ...remote, thumbnail_url: given });
      await add('remote always', await small(), { ...remote, local_thumbnail: 'always' });
      await add('remote', await small(), remote);
      await indexed();
      const made = async (key: string) => (await imageOf(idOf(key))).local_thumbnail;
      expect(await made('big')).toBe(true);
      expect(await made('big never')).toBe(false);
      expect(await made('small')).toBe(false);
      expect(await made('small always')).toBe(true);
      const image = await imageOf(idOf('remote given'));
      expect(image).toMatchObject({ local: false, url: remote.url, thumbnail_url: given });
      expect((await imageOf(idOf('remote always'))).thumbnail_url).toMatch(/thumbnails\//);
      expect(await imageOf(idOf('remote'))).toMatchObject({ url: remote.url, thumbnail_url: null });
      for (const key of ['big', 'small always', 'remote always']) {
        const thumbnail = await load((await imageOf(idOf(key))).thumbnail_url ?? '');
        expect(thumbnail.status).toBe(200);
        expect(thumbnail.headers.get('Content-Type')).toBe('image/webp');
      }
    });
    check('POST /admin/duplication_validate', 'in order, any case, trimmed; unknown is null', async () => {
      const hashes = [uploaded('dog').sha1.toUpperCase(), '0'.repeat(40), ` ${uploaded('cat').sha1} `];
      const { json } = await call('POST', '/admin/duplication_validate', { json: { hashes } });
      expect(json).toMatchObject({
        entity_ids: [idOf('dog'), null, idOf('cat')],
        exists: [true, false, true],
      });
    });
    check('POST /admin/duplication_validate', 'none, or no hash: 422', async () => {
      for (const [hashes, type] of [
        [[], 'too_short'],
        [['abc'], 'string_too_short'],
        [['0'.repeat(39)], 'string_too_short'],
        [['0'.repeat(41)], 'string_too_long'],
        [['g'.repeat(40)], 'string_pattern_mismatch'],
        ['x', 'list_type'],
        [[1], 'string_type'],
      ] as const) {
        const { status, json } = await call('POST', '/admin/duplication_validate', { json: { hashes } });
        expect([status, json]).toMatchObject([422, { detail: [{ type }] }]);
      }
    });
    check('POST /uploads', 'a URL takes exactly the announced bytes', async () => {
      const bytes = await unlike({ emoji: 'whale' });
      const sha1 = createHash('sha1').update(bytes).digest('hex');
      const json = {
        name: 'whale.jpg',
        bytes: bytes.length,
        type: 'image/jpeg',
        sha1,
        local: true,
        skip_ocr: true,
        categories: 'sea',
      };
      const response = await call('POST', '/uploads', { json });
      expect(response.status, JSON.stringify(response.json)).toBe(200);
      const announced = z
        .looseObject({
          image_id: z.string(),
          upload: z.object({
            url: z.string(),
            method: z.string(),
            headers: z.record(z.string(), z.string()),
          }),
        })
        .parse(response.json);
      const { url, method, headers } = announced.upload;
      const sent = await fetch(url.startsWith('/') ? suite.server().baseUrl + url : url, {
        method,
        headers,
        body: bytes,
      });
      expect(sent.status).toBe(200);
      uploads.set('whale', { id: announced.image_id, bytes, sha1 });
      await indexed();
      expect(await imageOf(announced.image_id)).toMatchObject({ categories: ['sea'], name: 'whale.jpg' });
      expect((await call('POST', '/uploads', { json })).status).toBe(409);
    });
    check('POST /uploads', 'what can not be is rejected', async () => {
      const json = { name: 'x.jpg', bytes: 10, type: 'image/jpeg', sha1: '0'.repeat(40), local: true };
      for (const change of [
        { bytes: 0 },
        { sha1: 'x' },
        { type: 'image/svg+xml' },
        { name: '' },
        { local: false },
      ])
        expect((await call('POST', '/uploads', { json: { ...json, ...change } })).status).toBe(422);
      expect((await call('POST', '/uploads', { json: { ...json, bytes: 1e12 } })).status).toBe(413);
    });
  });
}
