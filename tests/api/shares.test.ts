import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { drawImage } from '../contract-http/drawn-images.ts';
import { type LocalServer, startLocalServer } from '../contract-http/local-server.ts';

const TOKENS = { 'X-Access-Token': 'read-me', 'X-Admin-Token': 'rule-me' };
const shareSchema = z.object({ share: z.looseObject({ id: z.uuid(), token: z.string() }) });
const shownSchema = z.looseObject({
  images: z.array(z.looseObject({ id: z.uuid(), url: z.string(), comments: z.null(), path: z.null() })),
});

let server: LocalServer;
let cat: string;
beforeAll(async () => {
  server = await startLocalServer({
    access: { accessTokens: ['read-me'], adminTokens: ['rule-me'], sharing: true },
  });
  for (const emoji of ['cat-face', 'pizza']) {
    const form = new FormData();
    form.append('image_file', new Blob([await drawImage({ emoji })], { type: 'image/jpeg' }), `${emoji}.jpg`);
    const query = '?local=true&comments=private&categories=mine';
    const response = await ask('POST', `/admin/upload${query}`, form);
    cat ??= z.looseObject({ image_id: z.uuid() }).parse(await response.json()).image_id;
  }
  await server.idle();
});
afterAll(() => server.close());

const ask = (method: string, path: string, body?: FormData | object) =>
  fetch(server.baseUrl + path, {
    method,
    headers: { ...TOKENS, ...(body instanceof FormData ? {} : { 'Content-Type': 'application/json' }) },
    ...(body instanceof FormData ? { body } : body ? { body: JSON.stringify(body) } : {}),
  });
const share = async (what: object) =>
  shareSchema.parse(await (await ask('POST', '/admin/shares', what)).json()).share;
const open = (token: string, query = '') => fetch(`${server.baseUrl}/shares/${token}${query}`);

test('a link shows its image without a token, and none of its annotations', async () => {
  expect((await fetch(`${server.baseUrl}/images/id/${cat}`)).status).toBe(401);
  const { token } = await share({ image_id: cat, seconds: 3600 });
  const { images } = shownSchema.parse(await (await open(token)).json());
  expect(images).toMatchObject([{ id: cat, categories: null, name: 'cat-face.jpg' }]);
  expect((await fetch(server.baseUrl + (images[0]?.url ?? ''))).status).toBe(200);
});

test('a link shows what its search finds, a page at a time', async () => {
  const { token } = await share({ query: { order_by: 'name', filter: { categories: ['mine'] } } });
  const first = shownSchema
    .extend({ next_cursor: z.string() })
    .parse(await (await open(token, '?count=1')).json());
  const rest = shownSchema.parse(await (await open(token, `?count=1&cursor=${first.next_cursor}`)).json());
  expect([...first.images, ...rest.images].map(({ name }) => name)).toEqual(['cat-face.jpg', 'pizza.jpg']);
  const ranked = await share({ query: { criteria: [{ text: 'a cat' }] } });
  expect(shownSchema.parse(await (await open(ranked.token)).json()).images[0]?.id).toBe(cat);
});

test('a link whose example image is gone shows what the rest of its search finds', async () => {
  const gone = { id: crypto.randomUUID() };
  const mixed = await share({ query: { criteria: [gone, { text: 'a cat' }] } });
  expect(shownSchema.parse(await (await open(mixed.token)).json()).images[0]?.id).toBe(cat);
  const alone = await share({ query: { criteria: [gone] } });
  expect(shownSchema.parse(await (await open(alone.token)).json()).images).toEqual([]);
});

test('a revoked or forged link shows nothing', async () => {
  const { id, token } = await share({ image_id: cat });
  const list = z.looseObject({ shares: z.array(z.looseObject({ id: z.uuid() })) });
  expect(list.parse(await (await ask('GET', '/admin/shares')).json()).shares.map(each => each.id)).toContain(
    id,
  );
  expect((await open(`${token.slice(0, -2)}AA`)).status).toBe(404);
  expect((await ask('DELETE', `/admin/shares/${id}`)).status).toBe(200);
  const gone = await open(token);
  expect([gone.status, await gone.json()]).toMatchObject([404, { code: 'share_invalid' }]);
});

test('what is made must show one thing, for a minute to thirty days', async () => {
  for (const body of [
    {},
    { image_id: cat, query: { criteria: [{ text: 'a' }] } },
    { image_id: cat, seconds: 59 },
    { image_id: cat, seconds: 2_592_001 },
    { query: { criteria: [{ file: 0 }] } },
  ])
    expect((await ask('POST', '/admin/shares', body)).status).toBe(422);
  expect((await ask('POST', '/admin/shares', { image_id: crypto.randomUUID() })).status).toBe(404);
  expect((await fetch(`${server.baseUrl}/admin/shares`)).status).toBe(401);
});
