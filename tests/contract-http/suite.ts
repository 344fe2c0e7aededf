import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Answer, type CallOptions, type DocumentedApi, openDocumentedApi } from './documented-api.ts';
import { type Drawn, drawPicture, drawWords } from './drawn-pictures.ts';
import type { Server } from './server.ts';

/** What the suite reads of an Image; that all of it is as documented is checked with every answer. */
const imageSchema = z.looseObject({
  id: z.string(),
  url: z.string(),
  thumbnail_url: z.string().nullable(),
  starred: z.boolean(),
  categories: z.array(z.string()).nullable(),
  comments: z.string().nullable(),
  local: z.boolean(),
  local_thumbnail: z.boolean(),
  width: z.number(),
  height: z.number(),
  format: z.string(),
});
type Image = z.infer<typeof imageSchema>;
const foundSchema = z.looseObject({
  message: z.string(),
  query_id: z.uuid(),
  result: z.array(z.looseObject({ img: imageSchema, score: z.number() })),
});
const oneSchema = z.looseObject({ img_status: z.string(), img: imageSchema.nullable() });
const listSchema = z.looseObject({ images: z.array(imageSchema), next_page_offset: z.string().nullable() });
const welcomeSchema = z.looseObject({
  authorization: z.object({ required: z.boolean(), passed: z.boolean() }),
  admin_api: z.object({ available: z.boolean(), passed: z.boolean() }),
  available_basis: z.array(z.string()),
  wiki: z.record(z.string(), z.string()),
});
const infoSchema = z.looseObject({ image_count: z.number(), index_queue_length: z.number() });

const JUNK = 500 * 1024;
const WAIT_MS = 30_000;

type Uploaded = { readonly id: string; readonly sha1: string; readonly bytes: Uint8Array<ArrayBuffer> };

/**
 * The contract, spoken over HTTP alone to an empty server with both tokens: the same cases for the laptop, for
 * the Lambda handler and for a deployment. Says at the end how many cases each route had.
 */
export function contractSuite(
  name: string,
  start: () => Promise<Server & { close?(): Promise<void> }>,
): void {
  describe(`contract: ${name}`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    let api: DocumentedApi;
    let hasWords = false;
    const uploads = new Map<string, Uploaded>();
    const cases = new Map<string, number>();

    const check = (route: string, behaviour: string, run: () => Promise<void>): void => {
      cases.set(route, (cases.get(route) ?? 0) + 1);
      test(`${route}: ${behaviour}`, run);
    };
    const call = (method: string, path: string, options?: CallOptions): Promise<Answer> =>
      api.call(method, path, options);
    const found = async (method: string, path: string, options?: CallOptions) => {
      const answer = await call(method, path, options);
      expect(answer.status, JSON.stringify(answer.json)).toBe(200);
      return foundSchema.parse(answer.json).result;
    };
    const idsOf = async (method: string, path: string, options?: CallOptions): Promise<string[]> =>
      (await found(method, path, options)).map(({ img }) => img.id);
    const uploaded = (key: string): Uploaded => {
      const upload = uploads.get(key);
      if (!upload) throw new Error(`${key} was not uploaded`);
      return upload;
    };
    const idOf = (key: string): string => uploaded(key).id;
    const imageOf = async (id: string): Promise<Image> => {
      const { img } = oneSchema.parse((await call('GET', `/images/id/${id}`)).json);
      if (!img) throw new Error(`${id} is still queued`);
      return img;
    };
    const load = (url: string): Promise<Response> => fetch(url.startsWith('/') ? server.baseUrl + url : url);
    const detailOf = ({ json }: Answer): unknown => z.looseObject({ detail: z.unknown() }).parse(json).detail;

    const fileForm = (
      bytes: Uint8Array<ArrayBuffer>,
      type = 'image/jpeg',
      filename = 'picture.jpg',
      part = 'image_file',
    ) => {
      const form = new FormData();
      form.append(part, new Blob([bytes], { type }), filename);
      return form;
    };
    const upload = (
      bytes: Uint8Array<ArrayBuffer>,
      query: CallOptions['query'] = {},
      type?: string,
      filename?: string,
    ) =>
      call('POST', '/admin/upload', {
        query: { local: true, skip_ocr: true, ...query },
        form: fileForm(bytes, type, filename),
      });
    const add = async (
      key: string,
      bytes: Uint8Array<ArrayBuffer>,
      query?: CallOptions['query'],
    ): Promise<void> => {
      const answer = await upload(bytes, query);
      expect(answer.status, JSON.stringify(answer.json)).toBe(200);
      const id = z.looseObject({ image_id: z.uuid() }).parse(answer.json).image_id;
      uploads.set(key, { id, bytes, sha1: createHash('sha1').update(bytes).digest('hex') });
    };
    const draw = async (key: string, drawn: Drawn, query?: CallOptions['query']) =>
      add(key, await drawPicture(drawn), query);
    const info = async () => infoSchema.parse((await call('GET', '/admin/server_info')).json);
    const indexed = async (): Promise<void> => {
      for (const id of [...uploads.values()].map(entry => entry.id)) {
        const end = Date.now() + WAIT_MS;
        for (;;) {
          const answer = oneSchema.parse((await call('GET', `/images/id/${id}`)).json);
          if (answer.img_status === 'mapped') break;
          if (Date.now() > end) throw new Error(`${id} was not indexed within ${WAIT_MS} ms`);
          await sleep(50);
        }
      }
    };
    const unlike = async (drawn: Drawn): Promise<Uint8Array<ArrayBuffer>> => {
      const picture = await drawPicture(drawn);
      const junk = randomBytes(16);
      return new Uint8Array(Buffer.concat([picture, junk]));
    };

    beforeAll(async () => {
      server = await start();
      api = await openDocumentedApi(server);
      const welcome = welcomeSchema.parse((await call('GET', '/')).json);
      hasWords = welcome.available_basis.includes('ocr');
      await draw('cat', { emoji: 'cat-face' });
      await draw(
        'cat-2',
        { emoji: 'cat-face', ground: '#dbe9ff', width: 400, height: 300 },
        { categories: ' pets , indoor' },
      );
      await draw('dog', { emoji: 'dog-face' }, { categories: 'pets', comments: 'Rex' });
      await draw('pizza', { emoji: 'pizza', format: 'png' });
      await draw('car', { emoji: 'automobile', width: 640, height: 200 }, { starred: true });
      await draw('rocket', { emoji: 'rocket', format: 'webp' });
      await add('words', await drawWords('Happy New Year'), { skip_ocr: false });
      await indexed();
    });
    afterAll(async () => {
      for (const { id } of uploads.values()) await call('DELETE', `/admin/delete/${id}`);
      const total = [...cases.values()].reduce((sum, count) => sum + count, 0);
      console.log(
        [
          `${name}: ${cases.size} routes, ${total} cases`,
          ...[...cases].map(([route, count]) => `${String(count).padStart(4)}  ${route}`),
        ].join('\n'),
      );
      await server.close?.();
    });

    describe('welcome', () => {
      check('GET /', 'without tokens it says that one is required', async () => {
        const welcome = welcomeSchema.parse((await call('GET', '/', { tokens: 'none' })).json);
        expect(welcome.authorization).toEqual({ required: true, passed: false });
        expect(welcome.admin_api).toEqual({ available: true, passed: false });
        expect(welcome.available_basis).toContain('vision');
      });
      check('GET /', 'each right token flips its flag, a wrong or empty one does not', async () => {
        const standing = async (headers: Record<string, string>) => {
          const { authorization, admin_api: admin } = welcomeSchema.parse(
            (await call('GET', '/', { tokens: 'none', headers })).json,
          );
          return [authorization.passed, admin.passed];
        };
        expect(await standing({ 'X-Access-Token': server.accessToken ?? '' })).toEqual([true, false]);
        expect(await standing({ 'X-Admin-Token': server.adminToken ?? '' })).toEqual([false, true]);
        expect(await standing({ 'X-Access-Token': 'wrong', 'X-Admin-Token': '' })).toEqual([false, false]);
      });
      check('GET /', 'JSON for axios, curl and a wildcard', async () => {
        for (const Accept of ['application/json, text/plain, */*', '*/*']) {
          const answer = await call('GET', '/', { headers: { Accept } });
          expect(answer.headers.get('Content-Type')).toMatch(/^application\/json/);
        }
      });
      check('GET /', 'answers under /api too, its links carrying the base', async () => {
        const welcome = welcomeSchema.parse((await call('GET', '/api/')).json);
        expect(welcome.wiki['openAPI']).toBe('/api/openapi.json');
        expect((await call('GET', '/api')).status).toBe(200);
      });
    });

    describe('search by text', () => {
      check('GET /search/text/{prompt}', 'the right group comes first', async () => {
        const ids = await idsOf('GET', '/search/text/cat', { query: { count: 2 } });
        expect(new Set(ids)).toEqual(new Set([idOf('cat'), idOf('cat-2')]));
        expect((await idsOf('GET', '/search/text/pizza'))[0]).toBe(idOf('pizza'));
      });
      check('GET /search/text/{prompt}', 'a plus in the path is a plus', async () => {
        const [plus] = await found('GET', '/search/text/cat+dog');
        const [encoded] = await found('GET', '/search/text/cat%2Bdog');
        expect(plus?.score).toBe(encoded?.score);
      });
      check('GET /search/text/{prompt}', 'scores never rise', async () => {
        const scores = (await found('GET', '/search/text/dog')).map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      });
      check('GET /search/text/{prompt}', 'pages fit together', async () => {
        const all = await idsOf('GET', '/search/text/animal', { query: { count: 100 } });
        const pages: string[] = [];
        for (let skip = 0; skip < all.length + 3; skip += 3)
          pages.push(...(await idsOf('GET', '/search/text/animal', { query: { count: 3, skip } })));
        expect(pages).toEqual(all);
      });
      check('GET /search/text/{prompt}', 'past the end there is nothing', async () => {
        expect(await idsOf('GET', '/search/text/cat', { query: { skip: 9_900 } })).toEqual([]);
      });
      for (const [what, prompt] of [
        ['a slash', 'black/white'],
        ['an encoded slash', 'black%2Fwhite'],
        ['two slashes', 'a//b/'],
        ['NUL', 'cat%00dog'],
        ['a lone surrogate', '%ED%A0%80'],
        ['a broken encoding', 'a%zzb%FF'],
        ['right-to-left text', encodeURIComponent('قطة ‏كلب')],
        ['only emoji', encodeURIComponent('🐈‍⬛🐈')],
        ['Chinese', encodeURIComponent('猫')],
        ['512 code points', encodeURIComponent('🐈'.repeat(512))],
      ] as const) {
        check('GET /search/text/{prompt}', `takes ${what}`, async () => {
          expect((await call('GET', `/search/text/${prompt}`)).status).toBe(200);
        });
      }
      check('GET /search/text/{prompt}', '513 and 10,000 characters are too long', async () => {
        for (const length of [513, 10_000]) {
          const answer = await call('GET', `/search/text/${'x'.repeat(length)}`);
          expect(answer.status).toBe(422);
          expect(detailOf(answer)).toMatchObject([
            { type: 'string_too_long', loc: ['path', 'prompt'], ctx: { max_length: 512 } },
          ]);
        }
      });
      check('GET /search/text/{prompt}', 'an empty prompt is no route', async () => {
        expect((await call('GET', '/search/text/')).status).toBe(404);
        expect((await call('GET', '/search/text')).status).toBe(404);
      });
      check('GET /search/text/{prompt}', 'only spaces are refused in words', async () => {
        const answer = await call('GET', '/search/text/%20%20');
        expect(answer.status).toBe(422);
        expect(detailOf(answer)).toBeTypeOf('string');
      });
      check('GET /search/text/{prompt}', 'names every bad value at once', async () => {
        const answer = await call('GET', '/search/text/cat', {
          query: {
            count: 101,
            skip: -1,
            basis: 'taste',
            min_width: '5.5',
            starred: '',
            ratio_tolerance: 1,
            preferred_ratio: 0,
          },
        });
        expect(answer.status).toBe(422);
        expect(detailOf(answer)).toEqual(
          expect.arrayContaining([
            expect.objectContaining({
              type: 'less_than_equal',
              loc: ['query', 'count'],
              input: '101',
              ctx: { le: 100 },
            }),
            expect.objectContaining({ type: 'greater_than_equal', loc: ['query', 'skip'] }),
            expect.objectContaining({ type: 'enum', loc: ['query', 'basis'] }),
            expect.objectContaining({ type: 'int_parsing', loc: ['query', 'min_width'] }),
            expect.objectContaining({ type: 'bool_parsing', loc: ['query', 'starred'] }),
            expect.objectContaining({ type: 'less_than', loc: ['query', 'ratio_tolerance'] }),
            expect.objectContaining({ type: 'greater_than', loc: ['query', 'preferred_ratio'] }),
          ]),
        );
      });
      check('GET /search/text/{prompt}', 'numbers and truths are read as pydantic does', async () => {
        const url = '/search/text/cat?count=1&count=5.0&starred=YES&unknown=1';
        expect(await idsOf('GET', url)).toEqual([idOf('car')]);
        for (const no of ['off', 'F', '0', 'n'])
          expect(await idsOf('GET', '/search/text/cat', { query: { starred: no } })).not.toContain(
            idOf('car'),
          );
      });
      check('GET /search/text/{prompt}', 'nobody pages beyond 10,000', async () => {
        const answer = await call('GET', '/search/text/cat', { query: { skip: 9_991, count: 10 } });
        expect(answer.status).toBe(422);
        expect(detailOf(answer)).toBeTypeOf('string');
        expect((await call('GET', '/search/text/cat', { query: { skip: '9'.repeat(400) } })).status).toBe(
          422,
        );
      });
      check(
        'GET /search/text/{prompt}',
        'by the words in pictures, or 400 while they are not read',
        async () => {
          const answer = await call('GET', '/search/text/happy%20new%20year', { query: { basis: 'ocr' } });
          expect(answer.status).toBe(hasWords ? 200 : 400);
          if (!hasWords) return expect(detailOf(answer)).toBeTypeOf('string');
          expect(foundSchema.parse(answer.json).result.map(({ img }) => img.id)).toEqual([idOf('words')]);
          const exact = (prompt: string) =>
            idsOf('GET', `/search/text/${prompt}`, { query: { basis: 'ocr', exact: true } });
          expect(await exact('NEW%20year')).toEqual([idOf('words')]);
          expect(await exact('year%20new')).toEqual([]);
        },
      );
      check('GET /search/text/{prompt}', 'answers under /api too', async () => {
        expect((await idsOf('GET', '/api/search/text/pizza'))[0]).toBe(idOf('pizza'));
      });
      check('GET /search/text/{prompt}', 'says how long it took and which request it was', async () => {
        const { headers } = await call('GET', '/search/text/pizza');
        expect(headers.get('Server-Timing')).toMatch(/embed;dur=.*index;dur=.*total;dur=/);
        expect(headers.get('X-Request-Id')).toMatch(/\w/);
      });
    });

    describe('filters', () => {
      const filtered = (query: CallOptions['query']) =>
        idsOf('GET', '/search/random', { query: { count: 100, ...query } }).then(ids => new Set(ids));
      const keys = (...names: string[]) => new Set(names.map(idOf));
      const all = ['cat', 'cat-2', 'dog', 'pizza', 'car', 'rocket', 'words'];

      check('GET /search/random', 'starred, both ways and omitted', async () => {
        expect(await filtered({ starred: true })).toEqual(keys('car'));
        expect(await filtered({ starred: false })).toEqual(keys(...all.filter(key => key !== 'car')));
        expect(await filtered({})).toEqual(keys(...all));
      });
      check(
        'GET /search/random',
        'categories: any of, trimmed, case-sensitive, empty, only commas',
        async () => {
          expect(await filtered({ categories: 'pets' })).toEqual(keys('cat-2', 'dog'));
          expect(await filtered({ categories: ' indoor , nothing' })).toEqual(keys('cat-2'));
          expect(await filtered({ categories: 'Pets' })).toEqual(new Set());
          expect(await filtered({ categories: '' })).toEqual(keys(...all));
          expect(await filtered({ categories: ',,' })).toEqual(new Set());
        },
      );
      check('GET /search/random', 'categories_negative keeps those without', async () => {
        expect(await filtered({ categories_negative: 'indoor' })).toEqual(
          keys(...all.filter(key => key !== 'cat-2')),
        );
        expect(await filtered({ categories: 'pets', categories_negative: 'indoor' })).toEqual(keys('dog'));
      });
      check('GET /search/random', 'size and ratio', async () => {
        expect(await filtered({ min_width: 500 })).toEqual(keys('car', 'words'));
        expect(await filtered({ min_width: 0, min_height: -3 })).toEqual(keys(...all));
        expect(await filtered({ min_height: 310, min_width: 310 })).toEqual(
          keys('cat', 'dog', 'pizza', 'rocket'),
        );
        expect(await filtered({ preferred_ratio: 3 })).toEqual(keys('car', 'words'));
        expect(await filtered({ preferred_ratio: 1.3, ratio_tolerance: 0.05 })).toEqual(keys('cat-2'));
        expect(await filtered({ ratio_tolerance: 0.05 })).toEqual(keys(...all));
      });
    });

    describe('search by picture', () => {
      check('POST /search/image', 'the same thing on other ground comes first', async () => {
        const form = fileForm(
          await drawPicture({ emoji: 'dog-face', ground: '#ffe9c9' }),
          '',
          'blob',
          'image',
        );
        expect((await idsOf('POST', '/search/image', { form, query: { count: 1 } }))[0]).toBe(idOf('dog'));
      });
      check('POST /search/image', 'name and type say nothing', async () => {
        const form = fileForm(await drawPicture({ emoji: 'pizza' }), 'text/html', 'evil.svg', 'image');
        expect((await idsOf('POST', '/search/image', { form }))[0]).toBe(idOf('pizza'));
      });
      for (const [what, bytes] of [
        ['an empty file', new Uint8Array(0)],
        ['no picture', new Uint8Array(randomBytes(2_000))],
        ['a truncated picture', undefined],
      ] as const) {
        check('POST /search/image', `${what} is refused in words`, async () => {
          const content = bytes ?? (await drawPicture({ emoji: 'dog-face' })).slice(0, 1_500);
          const answer = await call('POST', '/search/image', {
            form: fileForm(content, 'image/jpeg', 'x.jpg', 'image'),
          });
          expect(answer.status).toBe(422);
          expect(detailOf(answer)).toBeTypeOf('string');
        });
      }
      check('POST /search/image', '11 MB is too much', async () => {
        const form = fileForm(new Uint8Array(11_000_000), 'image/jpeg', 'x.jpg', 'image');
        const answer = await call('POST', '/search/image', { form });
        expect([413, 422]).toContain(answer.status);
        expect(detailOf(answer)).toBeTypeOf('string');
      });
      check('POST /search/image', 'without the file, or of another type, the field is missing', async () => {
        const form = fileForm(await drawPicture({ emoji: 'pizza' }), 'image/jpeg', 'x.jpg', 'picture');
        for (const options of [{ form }, { json: {} }, { body: 'x' }] as const) {
          const answer = await call('POST', '/search/image', options);
          expect(answer.status).toBe(422);
          expect(detailOf(answer)).toMatchObject([{ type: 'missing', loc: ['body', 'image'] }]);
        }
      });
      check('POST /search/image', 'of two files the last counts', async () => {
        const form = fileForm(await drawPicture({ emoji: 'pizza' }), 'image/jpeg', 'x.jpg', 'image');
        form.append('image', new Blob([await drawPicture({ emoji: 'rocket' })]), 'y.jpg');
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
          const answer = await call('POST', '/search/image', { body, headers: { 'Content-Type': type } });
          expect([400, 422]).toContain(answer.status);
        });
      }
    });

    describe('similar', () => {
      check('GET /search/similar/{image_id}', 'its like comes first, itself never', async () => {
        const ids = await idsOf('GET', `/search/similar/${idOf('cat')}`);
        expect(ids[0]).toBe(idOf('cat-2'));
        expect(ids).not.toContain(idOf('cat'));
      });
      check('GET /search/similar/{image_id}', 'ids in upper case and without hyphens', async () => {
        const bare = idOf('cat').toUpperCase().replaceAll('-', '');
        expect((await idsOf('GET', `/search/similar/${bare}`))[0]).toBe(idOf('cat-2'));
      });
      check('GET /search/similar/{image_id}', 'unknown 404, no id 422', async () => {
        expect((await call('GET', `/search/similar/${randomUUID()}`)).status).toBe(404);
        const bad = await call('GET', '/search/similar/not-an-id');
        expect(bad.status).toBe(422);
        expect(detailOf(bad)).toMatchObject([{ type: 'uuid_parsing', loc: ['path', 'image_id'] }]);
      });
      check('GET /search/similar/{image_id}', 'on words, of a picture without: nothing', async () => {
        const answer = await call('GET', `/search/similar/${idOf('cat')}`, { query: { basis: 'ocr' } });
        expect(answer.status).toBe(hasWords ? 200 : 400);
        if (hasWords) expect(foundSchema.parse(answer.json).result).toEqual([]);
      });
    });

    describe('several criteria', () => {
      const both = { criteria: ['cat', 'animal'], negative_criteria: ['dog', 'car'] };
      for (const mode of ['average', 'best'])
        check('POST /search/advanced', `two wanted and two unwanted, ${mode}`, async () => {
          const ids = await idsOf('POST', '/search/advanced', {
            json: { ...both, mode },
            query: { count: 2 },
          });
          expect(new Set(ids)).toEqual(new Set([idOf('cat'), idOf('cat-2')]));
        });
      check('POST /search/advanced', 'one wanted alone is a plain search, whatever the mode', async () => {
        const plain = await found('GET', '/search/text/rocket');
        for (const mode of ['average', 'best']) {
          const advanced = await found('POST', '/search/advanced', { json: { criteria: ['rocket'], mode } });
          expect(advanced.map(({ img, score }) => [img.id, score])).toEqual(
            plain.map(({ img, score }) => [img.id, score]),
          );
        }
      });
      check('POST /search/advanced', 'pictures as criteria, with weights', async () => {
        const json = { positive: [{ value: `id:${idOf('cat')}`, weight: 2 }, { value: 'cat' }] };
        const ids = await idsOf('POST', '/search/advanced', { json });
        expect(ids[0]).toBe(idOf('cat-2'));
        expect(
          (await call('POST', '/search/advanced', { json: { positive: [{ value: `id:${randomUUID()}` }] } }))
            .status,
        ).toBe(404);
      });
      for (const [what, json, type, loc] of [
        ['no criteria', { criteria: [] }, 'too_short', ['body', 'criteria']],
        ['criteria left out', {}, 'missing', ['body', 'criteria']],
        ['17 criteria', { criteria: Array(17).fill('x') }, 'too_long', ['body', 'criteria']],
        ['a null mode', { criteria: ['x'], mode: null }, 'enum', ['body', 'mode']],
        ['criteria that are no list', { criteria: 'cat' }, 'list_type', ['body', 'criteria']],
        ['a criterion that is no text', { criteria: [7] }, 'string_type', ['body', 'criteria', 0]],
        ['a list for an object', [], 'model_attributes_type', ['body']],
      ] as const) {
        check('POST /search/advanced', `${what}: 422`, async () => {
          const answer = await call('POST', '/search/advanced', { json });
          expect(answer.status).toBe(422);
          expect(detailOf(answer)).toEqual(
            expect.arrayContaining([expect.objectContaining({ type, loc: [...loc] })]),
          );
        });
      }
      check('POST /search/advanced', 'malformed JSON, another type, no body: 422', async () => {
        const send = (body: string | undefined, type: string) =>
          call('POST', '/search/advanced', {
            ...(body === undefined ? {} : { body }),
            headers: { 'Content-Type': type },
          });
        const malformed = await send('{"criteria": ["cat"', 'application/json');
        expect(malformed.status).toBe(422);
        expect(detailOf(malformed)).toMatchObject([{ type: 'json_invalid' }]);
        expect((await send('{"criteria": ["cat"]}', 'text/plain')).status).toBe(422);
        expect((await send(undefined, 'application/json')).status).toBe(422);
      });
      check('POST /search/advanced', 'criteria of any length', async () => {
        expect(
          await found('POST', '/search/advanced', { json: { criteria: ['a cat '.repeat(5_000)] } }),
        ).not.toEqual([]);
      });
      check('POST /search/combined', 'the words bring their picture up, or 400', async () => {
        const json = { criteria: ['cat'], extra_prompt: 'happy new year' };
        for (const query of [{ basis: 'vision' }, { basis: 'ocr' }]) {
          const answer = await call('POST', '/search/combined', {
            query,
            json:
              query.basis === 'vision'
                ? json
                : { criteria: ['happy new year'], extra_prompt: 'a white board' },
          });
          expect(answer.status).toBe(hasWords ? 200 : 400);
          if (hasWords)
            expect(
              foundSchema
                .parse(answer.json)
                .result.slice(0, 3)
                .map(({ img }) => img.id),
            ).toContain(idOf('words'));
        }
      });
      check('POST /search/combined', 'extra_prompt is required, at most 512', async () => {
        for (const extra of [{}, { extra_prompt: 'x'.repeat(513) }])
          expect(
            (await call('POST', '/search/combined', { json: { criteria: ['cat'], ...extra } })).status,
          ).toBe(422);
      });
      check('POST /search/hybrid', 'fused, pages fit together, or 400', async () => {
        const json = { vision: { criteria: ['cat'] }, ocr: { criteria: ['new year'] } };
        const answer = await call('POST', '/search/hybrid', { json, query: { count: 100 } });
        expect(answer.status).toBe(hasWords ? 200 : 400);
        if (!hasWords) return;
        const all = foundSchema.parse(answer.json).result.map(({ img }) => img.id);
        expect(all.slice(0, 2)).toContain(idOf('words'));
        const pages = await Promise.all(
          [0, 2, 4, 6].map(skip => idsOf('POST', '/search/hybrid', { json, query: { count: 2, skip } })),
        );
        expect(pages.flat()).toEqual(all);
      });
      check('POST /search/hybrid', 'both parts are required', async () => {
        expect(
          (await call('POST', '/search/hybrid', { json: { vision: { criteria: ['cat'] } } })).status,
        ).toBe(422);
      });
    });

    describe('random', () => {
      check(
        'GET /search/random',
        'a seed fixes the order, pages fit together, scores never rise',
        async () => {
          const all = await found('GET', '/search/random', { query: { seed: 42, count: 100 } });
          const scores = all.map(({ score }) => score);
          expect(scores).toEqual(scores.toSorted((a, b) => b - a));
          const pages = await Promise.all(
            [0, 3, 6].map(skip => idsOf('GET', '/search/random', { query: { seed: 42, count: 3, skip } })),
          );
          expect(pages.flat()).toEqual(all.map(({ img }) => img.id));
        },
      );
      check('GET /search/random', 'any whole number is a seed', async () => {
        for (const seed of ['-7', '0', '2147483647', '9'.repeat(60)])
          expect(await idsOf('GET', '/search/random', { query: { seed, count: 3 } })).toEqual(
            await idsOf('GET', '/search/random', { query: { seed, count: 3 } }),
          );
        expect((await call('GET', '/search/random', { query: { seed: '1.5' } })).status).toBe(422);
      });
      check('GET /search/random', 'without a seed another order each time', async () => {
        const orders = await Promise.all(Array.from({ length: 8 }, () => idsOf('GET', '/search/random')));
        expect(new Set(orders.map(ids => ids.join())).size).toBeGreaterThan(1);
      });
    });

    describe('images', () => {
      check('GET /images/id/{image_id}', 'one picture; a random id is 404, none 422', async () => {
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
      check('GET /images', 'filters hold', async () => {
        const page = listSchema.parse(
          (await call('GET', '/images/', { query: { categories: 'pets' } })).json,
        );
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

    describe('our own search', () => {
      const query = (json: unknown, more: CallOptions = {}) =>
        call('POST', '/search/query', { json, ...more });
      const querySchema = z.looseObject({
        ...foundSchema.shape,
        facets: z.record(z.string(), z.array(z.object({ value: z.unknown(), count: z.number() }))),
        notice: z.string().nullable(),
      });
      check('POST /search/query', 'texts, an id and a file together, with reasons and facets', async () => {
        const form = new FormData();
        form.append(
          'query',
          JSON.stringify({
            criteria: [
              { text: 'cat' },
              { id: idOf('cat'), weight: 0.5 },
              { file: 0 },
              { text: 'car', weight: -1 },
            ],
            explain: true,
            facets: ['categories', 'formats', 'starred'],
          }),
        );
        form.append(
          'file',
          new Blob([await drawPicture({ emoji: 'cat-face', ground: '#cceecc' })]),
          'cat.jpg',
        );
        const answer = await call('POST', '/search/query', { form });
        expect(answer.status, JSON.stringify(answer.json)).toBe(200);
        const { result, facets } = querySchema.parse(answer.json);
        expect(result[0]?.img.id).toBe(idOf('cat-2'));
        const explain = z
          .object({ criteria: z.array(z.object({ share: z.number() })) })
          .parse(result[0]?.['explain']);
        const sum = explain.criteria.reduce((total, { share }) => total + share, 0);
        expect(sum).toBeCloseTo(result[0]?.score ?? 0, 4);
        expect(facets['categories']).toContainEqual({ value: 'pets', count: 2 });
        expect(facets['starred']).toContainEqual({ value: true, count: 1 });
      });
      check('POST /search/query', 'filters, min_score and dates', async () => {
        const text = [{ text: 'pizza' }];
        const ids = async (filter: unknown) =>
          querySchema
            .parse((await query({ criteria: text, filter, count: 100 })).json)
            .result.map(({ img }) => img.id);
        expect(await ids({ formats: ['png'] })).toContain(idOf('pizza'));
        expect(await ids({ formats: 'webp' })).toEqual([idOf('rocket')]);
        expect(await ids({ categories: ['pets'] })).toHaveLength(2);
        expect(await ids({ date_from: '2999-01-01' })).toEqual([]);
        expect(
          await ids({ date_to: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10) }),
        ).toContain(idOf('pizza'));
        const [best] = querySchema.parse((await query({ criteria: text })).json).result;
        expect(await ids({ min_score: best?.score })).toEqual([idOf('pizza')]);
      });
      check('POST /search/query', 'only unlike', async () => {
        const { result } = querySchema.parse(
          (await query({ criteria: [{ text: 'cat', weight: -1 }], count: 100 })).json,
        );
        expect(new Set(result.slice(-2).map(({ img }) => img.id))).toEqual(
          new Set([idOf('cat'), idOf('cat-2')]),
        );
      });
      check('POST /search/query', 'by words with quotes and minus, or 400', async () => {
        const answer = await query({ words: '"new year" -sale' });
        expect(answer.status).toBe(hasWords ? 200 : 400);
        if (!hasWords) return;
        const ids = async (words: string) =>
          querySchema.parse((await query({ words, explain: true })).json).result.map(({ img }) => img.id);
        expect(await ids('"new year" -sale')).toEqual([idOf('words')]);
        expect(await ids('"year new"')).toEqual([]);
        expect(await ids('year -happy')).toEqual([]);
        const { result } = querySchema.parse((await query({ words: 'year', explain: true })).json);
        expect(result[0]?.['explain']).toMatchObject({ words: [{ box: expect.any(Array) }] });
      });
      for (const [what, json] of [
        ['nothing', {}],
        ['text and id at once', { criteria: [{ text: 'a', id: randomUUID() }] }],
        ['a file that is not there', { criteria: [{ file: 0 }] }],
        ['no basis', { criteria: [{ text: 'a' }], basis: [] }],
        ['min_score on words', { criteria: [{ text: 'a' }], basis: ['ocr'], filter: { min_score: 0.1 } }],
        ['a date that is none', { criteria: [{ text: 'a' }], filter: { date_from: 'yesterday' } }],
        ['an unknown format', { criteria: [{ text: 'a' }], filter: { formats: ['bmp'] } }],
        ['an unknown facet', { criteria: [{ text: 'a' }], facets: ['camera'] }],
        ['a weight beyond measure', { criteria: [{ text: 'a', weight: 1e300 }] }],
      ] as const) {
        check('POST /search/query', `${what}: 422`, async () => {
          expect((await query(json)).status).toBe(422);
        });
      }
      check('POST /search/query', 'an unknown id: 404', async () => {
        expect((await query({ criteria: [{ id: randomUUID() }] })).status).toBe(404);
      });
      check('POST /search/query', 'multipart without the query part: 422', async () => {
        const form = new FormData();
        form.append('file', new Blob(['x']), 'x');
        expect((await call('POST', '/search/query', { form })).status).toBe(422);
      });
    });

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
          const answer = await upload(bytes);
          expect(answer.status).toBe(422);
          expect(detailOf(answer)).toBeTypeOf('string');
        }
      });
      check('POST /admin/upload', 'content decides, never the name', async () => {
        await add('gif', await drawPicture({ emoji: 'unicorn', format: 'gif' }));
        await indexed();
        const image = await imageOf(idOf('gif'));
        expect(image.format).toBe('gif');
        expect(decodeURIComponent(new URL(image.url, 'http://x').pathname)).toMatch(/\.gif$/);
      });
      check('POST /admin/upload', 'a bad query is told before anything else', async () => {
        const answer = await upload(uploaded('cat').bytes, { local: 'maybe', local_thumbnail: 'sometimes' });
        expect(answer.status).toBe(422);
        expect(detailOf(answer)).toHaveLength(2);
      });
      check('POST /admin/upload', 'not local and no url: 422 in words', async () => {
        const answer = await upload(await unlike({ emoji: 'ghost' }), { local: false });
        expect(answer.status).toBe(422);
        expect(detailOf(answer)).toBeTypeOf('string');
        const script = await upload(await unlike({ emoji: 'ghost' }), {
          local: false,
          url: 'javascript:alert(1)',
        });
        expect(script.status).toBe(422);
      });
      check('POST /admin/upload', 'no file: the field is missing', async () => {
        const answer = await call('POST', '/admin/upload', { query: { local: true }, form: new FormData() });
        expect([400, 422]).toContain(answer.status);
      });
      check('POST /admin/upload', 'thumbnails as asked for', async () => {
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
        for (const hashes of [[], ['abc'], ['g'.repeat(40)], 'x', [1]])
          expect((await call('POST', '/admin/duplication_validate', { json: { hashes } })).status).toBe(422);
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
        const answer = await call('POST', '/uploads', { json });
        expect(answer.status, JSON.stringify(answer.json)).toBe(200);
        const announced = z
          .looseObject({
            image_id: z.string(),
            upload: z.object({
              url: z.string(),
              method: z.string(),
              headers: z.record(z.string(), z.string()),
            }),
          })
          .parse(answer.json);
        const { url, method, headers } = announced.upload;
        const sent = await fetch(url.startsWith('/') ? server.baseUrl + url : url, {
          method,
          headers,
          body: bytes,
        });
        expect(sent.status).toBe(200);
        uploads.set('whale', { id: announced.image_id, bytes, sha1 });
        await indexed();
        expect((await imageOf(announced.image_id)).categories).toEqual(['sea']);
        expect((await call('POST', '/uploads', { json })).status).toBe(409);
      });
      check('POST /uploads', 'what can not be is refused', async () => {
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

    describe('changes', () => {
      const update = (id: string, json: unknown) => call('PUT', `/admin/update_opt/${id}`, { json });
      check(
        'PUT /admin/update_opt/{image_id}',
        'a star and a category, then the filter finds it',
        async () => {
          expect((await update(idOf('rocket'), { starred: true, categories: ['space'] })).status).toBe(200);
          expect(await idsOf('GET', '/search/text/anything', { query: { categories: 'space' } })).toEqual([
            idOf('rocket'),
          ]);
          expect(await idsOf('GET', '/search/text/anything', { query: { starred: true } })).toContain(
            idOf('rocket'),
          );
        },
      );
      check(
        'PUT /admin/update_opt/{image_id}',
        'null keeps; [] and "" are stored; all else stays',
        async () => {
          const before = await imageOf(idOf('dog'));
          expect(
            (await update(idOf('dog'), { starred: true, categories: null, comments: null })).status,
          ).toBe(200);
          const { url: _, preview_url: _p, ...after } = await imageOf(idOf('dog'));
          expect({ ...before, starred: true }).toMatchObject(after);
          expect((await update(idOf('dog'), { categories: [], comments: '' })).status).toBe(200);
          expect(await imageOf(idOf('dog'))).toMatchObject({ categories: [], comments: '', starred: true });
          await update(idOf('dog'), { categories: ['pets'], starred: false, comments: 'Rex' });
        },
      );
      check('PUT /admin/update_opt/{image_id}', 'url and thumbnail of a picture elsewhere', async () => {
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
            const answer = await update(idOf(key), json);
            expect(answer.status).toBe(422);
            expect(detailOf(answer)).toBeTypeOf('string');
            expect((await imageOf(idOf(key))).starred).toBe(before.starred);
          }
        },
      );
      check(
        'PUT /admin/update_opt/{image_id}',
        'nothing to change: 422 in words, before the 404',
        async () => {
          for (const json of [{}, { starred: null }, { unknown: 1 }]) {
            const answer = await update(randomUUID(), json);
            expect(answer.status).toBe(422);
            expect(detailOf(answer)).toBeTypeOf('string');
          }
          expect((await update(randomUUID(), { starred: true })).status).toBe(404);
        },
      );
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
        const response = await fetch(`${server.baseUrl}/admin/events`, {
          headers: { 'X-Admin-Token': server.adminToken ?? '' },
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
        expect([part.status, part.headers.get('Content-Range')]).toEqual([
          206,
          `bytes 10-19/${bytes.length}`,
        ]);
        expect(part.bytes).toEqual(bytes.slice(10, 20));
        expect((await get({ Range: 'bytes=-5' })).bytes).toEqual(bytes.slice(-5));
        expect((await get({ Range: `bytes=${bytes.length - 3}-` })).bytes).toEqual(bytes.slice(-3));
        expect((await get({ Range: `bytes=${bytes.length}-` })).status).toBe(416);
        expect((await get({ Range: 'bytes=0-4', 'If-Range': '"other"' })).status).toBe(200);
        expect((await get({ Range: 'bytes=0-1,3-4' })).status).toBe(200);
        const head = await fetch(server.baseUrl + path, { method: 'HEAD' });
        expect([head.status, head.headers.get('Content-Length')]).toEqual([200, String(bytes.length)]);
      });
      check('GET /static/{file}', 'also under /api', async () => {
        if (await isSigned()) return;
        expect((await call('GET', `/api${(await imageOf(idOf('cat'))).url}`)).status).toBe(200);
      });
      check('GET /static/{file}', 'nothing but pictures, wherever one looks', async () => {
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

    describe('the server itself', () => {
      check('GET /healthz', 'it lives', async () =>
        expect((await call('GET', '/healthz', { tokens: 'none' })).status).toBe(200),
      );
      check('GET /readyz', 'it is ready', async () =>
        expect((await call('GET', '/readyz', { tokens: 'none' })).status).toBe(200),
      );
      check('GET /openapi.json', 'OpenAPI 3.1, with an ETag', async () => {
        const answer = await call('GET', '/openapi.json', { tokens: 'none' });
        expect(answer.json).toMatchObject({ openapi: '3.1.0' });
        const headers = { 'If-None-Match': answer.headers.get('ETag') ?? '' };
        expect((await call('GET', '/openapi.json', { headers })).status).toBe(304);
      });
      for (const path of ['/docs', '/redoc'])
        check(`GET ${path}`, 'a page that loads nothing from elsewhere', async () => {
          const { bytes, headers } = await call('GET', path, { tokens: 'none' });
          expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
          expect(new TextDecoder().decode(bytes)).not.toMatch(/https?:\/\//);
        });
      check('GET /admin/server_info', 'counts, and an empty queue', async () => {
        expect(await info()).toMatchObject({ image_count: expect.any(Number), index_queue_length: 0 });
      });
      check('any', 'unknown paths 404, wrong methods 405 with Allow', async () => {
        expect((await call('GET', '/nothing', { tokens: 'none' })).status).toBe(404);
        const answer = await call('POST', '/search/text/cat');
        expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'GET, HEAD']);
        expect((await call('DELETE', '/admin/upload')).status).toBe(405);
      });
      check('any', 'errors carry a code and the request id', async () => {
        const answer = await call('GET', `/images/id/${randomUUID()}`);
        expect(answer.json).toMatchObject({
          detail: expect.any(String),
          code: 'not_found',
          request_id: answer.headers.get('X-Request-Id'),
        });
      });
      check('any', 'compressed for those who ask', async () => {
        const { headers } = await call('GET', '/images', {
          query: { count: 100 },
          headers: { 'Accept-Encoding': 'gzip' },
        });
        expect(headers.get('Content-Encoding')).toBe('gzip');
      });
      check('any', 'with an access token any origin may read, on errors too', async () => {
        const Origin = 'https://app.example';
        for (const path of ['/images', `/images/id/${randomUUID()}`]) {
          const { headers } = await call('GET', path, { headers: { Origin } });
          expect(headers.get('Access-Control-Allow-Origin')).toBe(Origin);
          expect(headers.get('Access-Control-Allow-Credentials')).toBe('true');
          expect(headers.get('Vary')).toMatch(/\bOrigin\b/);
        }
        const denied = await call('GET', '/images', { tokens: 'none', headers: { Origin } });
        expect([denied.status, denied.headers.get('Access-Control-Allow-Origin')]).toEqual([401, Origin]);
        const preflight = await fetch(`${server.baseUrl}/admin/upload`, {
          method: 'OPTIONS',
          headers: {
            Origin,
            'Access-Control-Request-Method': 'POST',
            'Access-Control-Request-Headers': 'x-admin-token',
          },
        });
        expect(preflight.status).toBe(200);
        expect(preflight.headers.get('Access-Control-Allow-Headers')).toBe('x-admin-token');
        expect(preflight.headers.get('Access-Control-Max-Age')).toBe('600');
      });
    });

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
  });
}
