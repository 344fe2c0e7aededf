import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { builtTree, SECOND_MODEL } from './built-tree.ts';
import { ADMIN_TOKEN, type Cloud, s3Event, sqsEvent, startCloud, urlEvent } from './cloud.ts';
import { type LambdaProcess, startLambda } from './lambda-process.ts';

const GALLERY = join(import.meta.dirname, '../../gallery');
const HEIC = join(import.meta.dirname, '../fixtures/images/alpha.heic');

const MB = 1_000_000;

let cloud: Cloud;
let embed: LambdaProcess;
let search: LambdaProcess;
beforeAll(async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'semblance-lambda-'));
  afterAll(() => rm(temporary, { recursive: true, force: true }));
  const { folder: tree } = await builtTree();
  cloud = await startCloud('demo');
  [embed, search] = await Promise.all([
    startLambda({
      tree,
      temporary,
      command: 'functions/embed/handler.handler',
      environment: cloud.embedEnvironment,
      timeout: 120,
    }),
    startLambda({
      tree,
      temporary,
      command: 'functions/search/handler.handler',
      environment: cloud.searchEnvironment,
    }),
  ]);
}, 180_000);
afterAll(async () => {
  await Promise.all([embed?.stop(), search?.stop()]);
  await cloud?.close();
});

const settled = { batchItemFailures: [] };
const responseSchema = z.object({ statusCode: z.number(), body: z.string() });
const hitsSchema = z.object({
  result: z.array(
    z.object({
      img: z.looseObject({
        name: z.string().nullable(),
        url: z.string(),
        thumbnail_url: z.string().nullable(),
      }),
    }),
  ),
});

async function ask(...request: Parameters<typeof urlEvent>) {
  const { statusCode, body } = responseSchema.parse(await search.invoke(urlEvent(...request)));
  return { status: statusCode, json: JSON.parse(body) };
}

async function hits(...request: Parameters<typeof urlEvent>) {
  const { status, json } = await ask(...request);
  expect(status, JSON.stringify(json)).toBe(200);
  return hitsSchema.parse(json).result.map(({ img }) => img);
}

const image = (name: string) => readFile(join(GALLERY, name));
const asAdmin = { headers: { 'x-admin-token': ADMIN_TOKEN } };

describe('the built tree, run as Lambda runs it', () => {
  test('a search before the first image finds nothing, and a sweep of what the bucket holds is requested', async () => {
    expect(await hits('GET', '/api/search/text/cat')).toEqual([]);
    expect(await cloud.queued()).toEqual([{ semblance: 'sweep' }]);
  });

  test('an image put into the bucket is found, and its signed URLs load', async () => {
    const bytes = await image('animals/cat-face.webp');
    expect(await embed.invoke(await cloud.put('2026/my cat + 猫.webp', bytes))).toEqual(settled);
    expect(await embed.invoke(await cloud.put('dog.webp', await image('animals/dog-face.webp')))).toEqual(
      settled,
    );

    const [first] = await hits('GET', '/api/search/text/cat%20face');
    expect(first).toMatchObject({ name: 'my cat + 猫.webp', format: 'webp' });
    expect(Buffer.from(await (await fetch(first?.url ?? '')).arrayBuffer()).equals(bytes)).toBe(true);
    const thumbnail = await fetch(first?.thumbnail_url ?? '');
    expect([thumbnail.status, thumbnail.headers.get('content-type')]).toEqual([200, 'image/webp']);
  });

  test('an image is found by itself, vision tower and decoder loading at first need', async () => {
    const form = new FormData();
    form.set('image', new Blob([await image('animals/dog-face.webp')]), 'blob');
    const request = new Response(form);
    const body = Buffer.from(await request.arrayBuffer()).toString('base64');
    const headers = { 'content-type': request.headers.get('content-type') ?? '' };
    const [first] = await hits('POST', '/api/search/image', { headers, body, base64: true });
    expect(first).toMatchObject({ name: 'dog.webp' });
  });

  test('HEIC and words are read, by what is in the tree alone', async () => {
    expect(await embed.invoke(await cloud.put('phone/alpha.heic', await readFile(HEIC)))).toEqual(settled);
    expect(
      await embed.invoke(await cloud.put('card.webp', await image('words/happy-birthday.webp'))),
    ).toEqual(settled);
    const [first] = await hits('GET', '/api/search/text/happy%20birthday?basis=ocr&exact=true');
    expect(first).toMatchObject({ name: 'card.webp' });
    const { json } = await ask('GET', '/api/admin/server_info', asAdmin);
    expect(json).toMatchObject({ image_count: 4 });
  });

  test('what can’t be indexed is acknowledged and listed with its reason; what is gone already is settled', async () => {
    expect(await embed.invoke(await cloud.put('broken.jpg', Buffer.from('not an image')))).toEqual(settled);
    const gone = s3Event('ObjectCreated:Put', cloud.originals, 'never/was.jpg');
    expect(await embed.invoke(sqsEvent([gone]))).toEqual(settled);
    const { json } = await ask('GET', '/api/admin/failures', asAdmin);
    expect(JSON.stringify(json)).toContain('broken.jpg');
    expect(JSON.stringify(json)).not.toContain('never/was.jpg');
  });

  test('an image that was removed is found no more', async () => {
    await cloud.remove('dog.webp');
    const removed = s3Event('ObjectRemoved:DeleteMarkerCreated', cloud.originals, 'dog.webp');
    expect(await embed.invoke(sqsEvent([removed]))).toEqual(settled);
    const names = (await hits('GET', '/api/search/text/dog')).map(image => image.name);
    expect(names).not.toContain('dog.webp');
  });

  test('an announced upload goes to the bucket by its signed URL and is indexed by its event', async () => {
    const bytes = await image('animals/panda.webp');
    const announced = await ask('POST', '/api/uploads', {
      headers: { ...asAdmin.headers, 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'panda.webp',
        bytes: bytes.length,
        type: 'image/webp',
        sha1: createHash('sha1').update(bytes).digest('hex'),
        local: true,
      }),
    });
    expect(announced.status, JSON.stringify(announced.json)).toBe(200);
    const { image_id: id, upload } = announced.json;
    const put = await fetch(upload.url, { method: upload.method, headers: upload.headers, body: bytes });
    expect(put.status).toBe(200);
    const key = `uploads/${id}.webp`;
    expect(await embed.invoke(sqsEvent([s3Event('ObjectCreated:Put', cloud.originals, key)]))).toEqual(
      settled,
    );
    expect((await ask('GET', `/api/images/id/${id}`)).json).toMatchObject({ img_status: 'mapped' });
  });

  test('the nightly sweep finds what events missed', async () => {
    await cloud.put('missed.webp', await image('animals/fox.webp'));
    expect(await embed.invoke(sqsEvent([{ semblance: 'sweep' }]))).toEqual(settled);
    const queued = await cloud.queued();
    expect(queued).toEqual([{ key: 'missed.webp' }]);
    expect(await embed.invoke(sqsEvent(queued))).toEqual(settled);
    const [first] = await hits('GET', '/api/search/text/fox');
    expect(first).toMatchObject({ name: 'missed.webp' });
  });

  test('while a model takes over, an image is found with either', async () => {
    const both = { ...cloud.embedEnvironment, SEMBLANCE_MODEL: `${SECOND_MODEL},demo` };
    const migrating = await startLambda({ ...embed.options, environment: both });
    const second = { ...cloud.searchEnvironment, SEMBLANCE_MODEL: SECOND_MODEL };
    const successor = await startLambda({ ...search.options, environment: second });
    onTestFinished(async () => void (await Promise.all([migrating.stop(), successor.stop()])));
    const event = await cloud.put('late.webp', await image('animals/owl.webp'));
    expect(await migrating.invoke(event)).toEqual(settled);
    for (const searching of [search, successor]) {
      const response = await searching.invoke(urlEvent('GET', '/api/search/text/owl?count=1'));
      expect(responseSchema.parse(response).body).toContain('late.webp');
    }
  });

  test('no request is accepted without the token', async () => {
    const rejected = await ask('GET', '/api/search/text/cat', { headers: { 'x-access-token': 'wrong' } });
    expect(rejected.status).toBe(401);
  });

  test.skipIf(process.platform !== 'linux')('memory stays within the functions’ bounds', async () => {
    expect(await search.peakMemory()).toBeLessThan(512 * MB);
    expect(await embed.peakMemory()).toBeLessThan(1200 * MB);
  });

  test('a function that lacks a variable says which, with lines of the sources', async () => {
    const { SEMBLANCE_BUCKET: _, ...environment } = cloud.searchEnvironment;
    const start = startLambda({ ...search.options, environment });
    await expect(start).rejects.toThrow(/SEMBLANCE_BUCKET is required.*compose-cloud\.ts:\d+/s);
  });
});
