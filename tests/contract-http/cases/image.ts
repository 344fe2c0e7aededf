import { randomBytes } from 'node:crypto';
import { describe, expect } from 'vitest';
import { drawImage } from '../drawn-images.ts';
import { fileForm, type Suite } from '../suite-helpers.ts';

export function imageCases(suite: Suite): void {
  const { check, call, idsOf, idOf, detailOf } = suite;
  describe('search by image', () => {
    check('POST /search/image', 'the same thing on other ground comes first', async () => {
      const form = fileForm(await drawImage({ emoji: 'dog-face', ground: '#ffe9c9' }), '', 'blob', 'image');
      expect((await idsOf('POST', '/search/image', { form, query: { count: 1 } }))[0]).toBe(idOf('dog'));
    });
    check('POST /search/image', 'name and type say nothing', async () => {
      const form = fileForm(await drawImage({ emoji: 'pizza' }), 'text/html', 'evil.svg', 'image');
      expect((await idsOf('POST', '/search/image', { form }))[0]).toBe(idOf('pizza'));
    });
    for (const [what, bytes] of [
      ['an empty file', new Uint8Array(0)],
      ['no image', new Uint8Array(randomBytes(2_000))],
      ['a truncated image', undefined],
    ] as const) {
      check('POST /search/image', `${what} is rejected in words`, async () => {
        const content = bytes ?? (await drawImage({ emoji: 'dog-face' })).slice(0, 1_500);
        const response = await call('POST', '/search/image', {
          form: fileForm(content, 'image/jpeg', 'x.jpg', 'image'),
        });
        expect(response.status).toBe(422);
        expect(detailOf(response)).toBeTypeOf('string');
      });
    }
    check('POST /search/image', '11 MB is too much', async () => {
      const form = fileForm(new Uint8Array(11_000_000), 'image/jpeg', 'x.jpg', 'image');
      const response = await call('POST', '/search/image', { form });
      expect([413, 422]).toContain(response.status);
      expect(detailOf(response)).toBeTypeOf('string');
    });
    check('POST /search/image', 'without the file, or of another type, the field is missing', async () => {
      const form = fileForm(await drawImage({ emoji: 'pizza' }), 'image/jpeg', 'x.jpg', 'picture');
      for (const options of [{ form }, { json: {} }, { body: 'x' }] as const) {
        const response = await call('POST', '/search/image', options);
        expect(response.status).toBe(422);
        expect(detailOf(response)).toMatchObject([{ type: 'missing', loc: ['body', 'image'] }]);
      }
    });
    check('POST /search/image', 'of two files the last counts', async () => {
      const form = fileForm(await drawImage({ emoji: 'pizza' }), 'image/jpeg', 'x.jpg', 'image');
      form.append('image', new Blob([await drawImage({ emoji: 'rocket' })]), 'y.jpg');
      expect((await idsOf('POST', '/search/image', { form }))[0]).toBe(idOf('rocket'));
    });
    for (const [what, type, body] of [
      ['a wrong boundary', 'multipart/form-data; boundary=other', '--this\r\n\r\nx\r\n--this--\r\n'],
      ['no boundary', 'multipart/form-data', 'x'],
      [
        'a body that breaks off',
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\nxx',
      ],
    ] as const) {
      check('POST /search/image', `${what} is a bad request`, async () => {
        const response = await call('POST', '/search/image', { body, headers: { 'Content-Type': type } });
        expect([400, 422]).toContain(response.status);
      });
    }
  });
}
