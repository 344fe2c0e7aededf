import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import type { Suite } from '../suite-helpers.ts';

export function filesCases(suite: Suite): void {
  const { check, call, uploaded, idOf, imageOf, belowApi } = suite;
  describe('files', () => {
    const isSigned = async () => !(await imageOf(idOf('cat'))).url.startsWith('/');
    check('GET /static/{file}', 'ETag, 304, ranges and HEAD', async () => {
      if (await isSigned()) return;
      const path = (await imageOf(idOf('cat'))).url;
      const { bytes } = uploaded('cat');
      const whole = await call('GET', path, { tokens: 'none' });
      expect(whole.headers.get('Content-Type')).toBe('image/jpeg');
      const etag = whole.headers.get('ETag') ?? '';
      const get = (headers: Record<string, string>) => call('GET', path, { headers });
      expect((await get({ 'If-None-Match': etag })).status).toBe(304);
      expect((await get({ 'If-None-Match': '"other"' })).status).toBe(200);
      const part = await get({ Range: 'bytes=10-19' });
      expect([part.status, part.headers.get('Content-Range')]).toEqual([206, `bytes 10-19/${bytes.length}`]);
      expect(part.bytes).toEqual(bytes.slice(10, 20));
      expect((await get({ Range: 'bytes=-5' })).bytes).toEqual(bytes.slice(-5));
      expect((await get({ Range: `bytes=${bytes.length - 3}-` })).bytes).toEqual(bytes.slice(-3));
      const beyond = await get({ Range: `bytes=${bytes.length}-` });
      expect([beyond.status, beyond.headers.get('Content-Range')]).toEqual([416, `bytes */${bytes.length}`]);
      expect(beyond.json).toMatchObject({ code: 'range_not_satisfiable' });
      const modified = whole.headers.get('Last-Modified') ?? '';
      expect((await get({ 'If-Modified-Since': modified })).status).toBe(304);
      expect((await get({ 'If-Modified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).status).toBe(200);
      expect((await get({ 'If-Match': etag })).status).toBe(200);
      expect((await get({ 'If-Unmodified-Since': modified })).status).toBe(200);
      for (const headers of [
        { 'If-Match': '"other"' },
        { 'If-Unmodified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
      ]) {
        const { status, json } = await get(headers);
        expect([status, json]).toMatchObject([412, { code: 'condition_failed' }]);
      }
      expect((await get({ Range: 'bytes=0-4', 'If-Range': '"other"' })).status).toBe(200);
      expect((await get({ Range: 'bytes=0-1,3-4' })).status).toBe(200);
      const head = await fetch(suite.server().baseUrl + path, { method: 'HEAD' });
      expect([head.status, head.headers.get('Content-Length')]).toEqual([200, String(bytes.length)]);
    });
    check('GET /images/id/{image_id}/rendition', 'what browsers do not show is made for them', async () => {
      const rendition = async (key: string) => {
        const { status, json } = await call('GET', `/images/id/${idOf(key)}/rendition`);
        expect(status, JSON.stringify(json)).toBe(200);
        return z.looseObject({ url: z.string() }).parse(json).url;
      };
      const file = (url: string) => url.replace(/^.*?([^/]*\.\w+)(?:\?.*)?$/, '$1');
      expect(file(await rendition('cat'))).toBe(`${idOf('cat')}.jpeg`);
      const tiff = await sharp(uploaded('cat').bytes).tiff().toBuffer();
      await suite.add('tiff', new Uint8Array(tiff));
      await suite.indexed();
      const response = await suite.load(await rendition('tiff'));
      expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'image/webp']);
      const { width, height } = await sharp(await response.arrayBuffer()).metadata();
      expect({ width, height }).toEqual({ width: 320, height: 320 });
      expect((await call('GET', `/images/id/${randomUUID()}/rendition`)).status).toBe(404);
    });
    check(
      'GET /images/id/{image_id}/words',
      'the lines of words in an image, with their corners',
      async () => {
        const { status, json } = await call('GET', `/images/id/${idOf('cat')}/words`);
        expect(status, JSON.stringify(json)).toBe(200);
        expect(
          z.looseObject({ lines: z.array(z.looseObject({ text: z.string() })) }).safeParse(json).success,
        ).toBe(true);
        expect((await call('GET', `/images/id/${randomUUID()}/words`)).status).toBe(404);
      },
    );
    check(
      'POST /downloads',
      'the files of several images, each by its name, as one zip where it can be',
      async () => {
        const ids = [idOf('cat'), idOf('dog'), randomUUID(), idOf('cat')];
        const response = await call('POST', '/downloads', { json: { ids } });
        const { url, files } = z
          .object({
            url: z.string().nullable(),
            files: z.array(
              z.looseObject({ id: z.uuid(), name: z.string(), url: z.string(), bytes: z.number() }),
            ),
          })
          .parse(z.object({ url: z.unknown(), files: z.unknown() }).parse(response.json));
        expect(files.map(({ id, bytes }) => [id, bytes])).toEqual([
          [idOf('cat'), uploaded('cat').bytes.length],
          [idOf('dog'), uploaded('dog').bytes.length],
        ]);
        expect((await suite.load(files[0]?.url ?? '')).status).toBe(200);
        expect(new Set(files.map(({ name }) => name)).size).toBe(2);
        if (url === null) return;
        const zip = await call('GET', url, { tokens: 'none' });
        expect(zip.headers.get('Content-Type')).toBe('application/zip');
        const bytes = Buffer.from(zip.bytes);
        expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
        for (const key of ['cat', 'dog']) expect(bytes.includes(Buffer.from(uploaded(key).bytes))).toBe(true);
        for (const { name } of files) expect(bytes.includes(name)).toBe(true);
        expect((await call('GET', '/downloads/nothing.zip', { tokens: 'none' })).status).toBe(404);
      },
    );
    check('GET /static/{file}', 'also under /api', async () => {
      if (await isSigned()) return;
      expect((await call('GET', belowApi((await imageOf(idOf('cat'))).url))).status).toBe(200);
    });
    check('GET /static/{file}', 'nothing but images, wherever one looks', async () => {
      for (const path of [
        `/static/${randomUUID()}.jpeg`,
        `/static/${idOf('cat')}.png`,
        `/static/${idOf('cat')}`,
        `/static/_deleted/${idOf('cat')}.jpeg`,
        `/static/remote/${idOf('remote')}.jpeg`,
        `/static/${idOf('remote')}.jpeg`,
        '/static/records/x.json',
        '/static/..%2f..%2fetc%2fpasswd',
        '/static/%2e%2e/package.json',
        '/static/thumbnails/..%2f..%2fx.webp',
        '/static/C:%5Cwindows%5Cwin.ini',
        '/static/%00',
        '/static//etc/passwd',
        '/static/',
      ])
        expect((await call('GET', path)).status, path).toBe(404);
    });
  });
}
