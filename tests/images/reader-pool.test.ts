import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { ImageReader } from '../../shared/catalog/image-description.ts';
import { openImageReader } from '../../shared/images/reader.ts';
import { openReaderPool, type ReaderPoolOptions } from '../../shared/images/reader-pool.ts';
import { openModel } from '../../shared/models/onnx-encoder.ts';
import { demoModel } from '../../shared/models/registry.ts';
import { EXIT, HANG, OK, REFUSE, THROW } from './misbehaving-worker.ts';

const golden = (name: string) => readFile(new URL(`../golden/preprocess/${name}`, import.meta.url));
const MAX_PIXELS = 100_000_000;

let pool: ImageReader | undefined;
afterEach(() => pool?.close());

const open = (options: Partial<ReaderPoolOptions> = {}) => {
  pool = openReaderPool({ model: demoModel(), maxPixels: MAX_PIXELS, workers: 1, ...options });
  return pool;
};
const misbehaving = (options: Partial<ReaderPoolOptions> = {}) =>
  open({ entry: new URL('./misbehaving-worker.ts', import.meta.url), timeLimit: 300, ...options });

test('a thread describes an image as the same code does inline', async () => {
  const encoder = await (await openModel(demoModel())).openImage({ threads: 1 });
  const inline = openImageReader({ imageEncoder: encoder, maxPixels: MAX_PIXELS });
  const wanted = await inline.describe(await golden('small-o5.jpg'), { ocr: false });
  const got = await open().describe(await golden('small-o5.jpg'), { ocr: false });
  expect(got.embedding).toEqual(wanted.embedding);
  expect(Buffer.from(got.thumbnail)).toEqual(Buffer.from(wanted.thumbnail));
  expect({ ...got, embedding: 0, thumbnail: 0, preview: 0 }).toEqual({
    ...wanted,
    embedding: 0,
    thumbnail: 0,
    preview: 0,
  });
  expect(await open().embed(await golden('small-o5.jpg'))).toEqual(wanted.embedding);
  await encoder.close();
});

test('an image that is rejected keeps its code across the thread, and the thread lives on', async () => {
  const reader = open();
  await expect(reader.embed(Buffer.from('a text'))).rejects.toMatchObject({ code: 'image_unsupported' });
  await expect(reader.embed(new Uint8Array())).rejects.toMatchObject({ code: 'image_empty' });
  expect(await reader.embed(await golden('tiny.png'))).toHaveLength(256);
});

test('a model that is not there is said, each time', async () => {
  const reader = open({ model: { ...demoModel(), folder: '/nowhere' } });
  for (let i = 0; i < 2; i++) {
    await expect(reader.embed(await golden('tiny.png'))).rejects.toMatchObject({ code: 'model_missing' });
  }
});

describe('one image spoils nothing for others', () => {
  test.each([
    ['hangs', HANG, 'image_timeout'],
    ['ends its thread', EXIT, 'image_corrupt'],
    ['throws where nobody catches', THROW, 'image_corrupt'],
    ['is rejected', REFUSE, 'image_corrupt'],
  ])('when it %s', async (_, command, code) => {
    const reader = misbehaving();
    const before = reader.describe(Uint8Array.of(OK, 1), { ocr: false });
    const bad = reader.describe(Uint8Array.of(command), { ocr: false });
    const after = reader.describe(Uint8Array.of(OK, 2), { ocr: false });
    await expect(bad).rejects.toMatchObject({ code });
    expect((await before).embedding).toEqual(Float32Array.of(1));
    expect((await after).embedding).toEqual(Float32Array.of(2));
  });
});

test('searches overtake images that wait to be indexed', async () => {
  const reader = misbehaving({ timeLimit: 10_000 });
  const done: string[] = [];
  const indexing = Array.from({ length: 20 }, () =>
    reader.describe(Uint8Array.of(OK, 1), { ocr: false }).then(() => done.push('indexed')),
  );
  await indexing[0];
  await reader.embed(Uint8Array.of(OK, 2));
  expect(done.length).toBeLessThan(20);
  await Promise.all(indexing);
});

test('a search is answered while every indexing thread is stuck', async () => {
  const reader = misbehaving({ timeLimit: 2_000 });
  const stuck = reader.describe(Uint8Array.of(HANG), { ocr: false }).catch(error => error.code);
  expect(await reader.embed(Uint8Array.of(OK, 3))).toEqual(Float32Array.of(3));
  expect(await Promise.race([stuck, 'still stuck'])).toBe('still stuck');
  expect(await stuck).toBe('image_timeout');
});

test('closing rejects what waits with an error that may heal', async () => {
  const reader = misbehaving({ timeLimit: 10_000 });
  const work = [
    reader.describe(Uint8Array.of(HANG), { ocr: false }),
    reader.describe(Uint8Array.of(OK), { ocr: false }),
  ];
  const settled = Promise.allSettled(work);
  await reader.close();
  for (const result of await settled) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'out_of_time', passing: true } });
  }
  await expect(reader.embed(Uint8Array.of(OK))).rejects.toMatchObject({ code: 'out_of_time' });
});

test('threads without work leave, and come back with work', async () => {
  const left = new Promise(resolve => {
    process.once('worker', worker => worker.once('exit', resolve));
  });
  const reader = misbehaving({ idleLimit: 20 });
  expect(await reader.embed(Uint8Array.of(OK, 1))).toEqual(Float32Array.of(1));
  expect(await left).toBe(0);
  expect(await reader.embed(Uint8Array.of(OK, 2))).toEqual(Float32Array.of(2));
});

test('a thread at work does not leave, however long its image takes', async () => {
  const reader = misbehaving({ idleLimit: 20, timeLimit: 400 });
  await expect(reader.embed(Uint8Array.of(HANG))).rejects.toMatchObject({ code: 'image_timeout' });
});

test('whole buffers are moved to the thread, slices of a larger one are left alone', async () => {
  const reader = misbehaving();
  const own = Uint8Array.of(OK, 1);
  const slice = Uint8Array.of(OK, 1, 9).subarray(0, 2);
  await reader.embed(own);
  await reader.embed(slice);
  expect([own.length, slice.length]).toEqual([0, 2]);
});
