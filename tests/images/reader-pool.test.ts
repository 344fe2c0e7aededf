import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { ImageReader } from '../../shared/catalog/image-description.ts';
import { openImageReader } from '../../shared/images/reader.ts';
import { PRIORITY } from '../../shared/images/reader-messages.ts';
import { openReaderPool, type ReaderPoolOptions } from '../../shared/images/reader-pool.ts';
import { openModel } from '../../shared/models/onnx-encoder.ts';
import { demoModel } from '../../shared/models/registry.ts';
import { WORDS_MODEL } from '../../shared/ocr/words-model.ts';
import { EXIT, FAULT, HANG, KILLED, LARGE, OK, PROCESS, REFUSE, THROW, WAIT } from './misbehaving-process.ts';

const golden = (name: string) => readFile(new URL(`../golden/preprocess/${name}`, import.meta.url));
const MAX_PIXELS = 100_000_000;
const WORDS_FOLDER = fileURLToPath(new URL(`../../models/${WORDS_MODEL}`, import.meta.url));

let pool: ImageReader | undefined;
afterEach(() => pool?.close());

const open = (options: Partial<ReaderPoolOptions> = {}) => {
  pool = openReaderPool({ model: demoModel(), maxPixels: MAX_PIXELS, workers: 1, ...options });
  return pool;
};
const misbehaving = (options: Partial<ReaderPoolOptions> = {}) =>
  open({ entry: new URL('./misbehaving-process.ts', import.meta.url), cpuLimit: 300, ...options });

test('a process describes an image as the same code does inline', async () => {
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
  const { format, width, height, damaged } = wanted;
  expect(await open().check(await golden('small-o5.jpg'))).toEqual({ format, width, height, damaged });
  await encoder.close();
});

test('each image reaches the process whole, whatever the size of the one before', async () => {
  const reader = misbehaving({ cpuLimit: 10_000 });
  for (const length of [0, 1, 3_000_000, 70_000, 9_000_000, 2, 300_000]) {
    const image = randomBytes(length);
    expect(image.equals(await reader.render(image))).toBe(true);
  }
});

test('an image is described in the same way after words were read in that process', async () => {
  const reader = open({ wordsFolder: WORDS_FOLDER });
  const before = await reader.embed(await golden('small-o5.jpg'));
  const words = await reader.readWords(
    await readFile(new URL('../../bench/ocr/images/en-clean-1.webp', import.meta.url)),
  );
  expect(words.text).toContain('HAPPY NEW YEAR');
  expect(await reader.embed(await golden('small-o5.jpg'))).toEqual(before);
});

test('an image that is rejected keeps its code and numbers across the process, which lives on', async () => {
  const reader = open();
  await expect(reader.embed(Buffer.from('a text'))).rejects.toMatchObject({ code: 'not_an_image' });
  await expect(reader.check(new Uint8Array())).rejects.toMatchObject({ code: 'image_empty' });
  expect(await reader.embed(await golden('tiny.png'))).toHaveLength(256);
  await reader.close();
  const large = open({ maxPixels: 99 }).embed(await golden('small-o5.jpg'));
  await expect(large).rejects.toMatchObject({
    code: 'image_too_many_pixels',
    parameters: { max_pixels: 99, width: expect.any(Number), height: expect.any(Number) },
  });
});

test('a model that is missing is reported, each time', async () => {
  const reader = open({ model: { ...demoModel(), folder: '/nowhere' } });
  for (let i = 0; i < 2; i++) {
    await expect(reader.embed(await golden('tiny.png'))).rejects.toMatchObject({ code: 'model_missing' });
  }
});

describe('one image spoils nothing for others', () => {
  test.each([
    ['uses up its CPU time', HANG, 'image_timeout'],
    ['ends its process', EXIT, 'image_unreadable'],
    ['throws where nothing catches', THROW, 'image_unreadable'],
    ['meets a fault', FAULT, 'image_unreadable'],
    ['is rejected', REFUSE, 'image_corrupt'],
    ['loses its process to the system', KILLED, 'machine_busy'],
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

describe('an image that takes long on the clock and not of the CPU', () => {
  test('has all the time of its CPU limit and more', async () => {
    const reader = misbehaving({ cpuLimit: 500 });
    const waits = reader.embed(Uint8Array.of(WAIT)).catch(error => error.code);
    const passed = new Promise(resolve => setTimeout(resolve, 1_500, 'still waits'));
    expect(await Promise.race([waits, passed])).toBe('still waits');
  });

  test('is put off in the end, for a later try', async () => {
    const reader = misbehaving({ wallLimit: 300 });
    await expect(reader.embed(Uint8Array.of(WAIT))).rejects.toMatchObject({
      code: 'machine_busy',
      passing: true,
    });
  });
});

test('searches overtake images that wait to be indexed', async () => {
  const reader = misbehaving({ cpuLimit: 10_000 });
  const done: string[] = [];
  const indexing = Array.from({ length: 20 }, () =>
    reader.describe(Uint8Array.of(OK, 1), { ocr: false }).then(() => done.push('indexed')),
  );
  await indexing[0];
  await reader.embed(Uint8Array.of(OK, 2));
  expect(done.length).toBeLessThan(20);
  await Promise.all(indexing);
});

test('a search and the check of an upload go on while every process that indexes is stuck', async () => {
  const reader = misbehaving({ cpuLimit: 60_000 });
  const stuck = reader.describe(Uint8Array.of(HANG), { ocr: false }).catch(error => error.code);
  expect(await reader.embed(Uint8Array.of(OK, 3))).toEqual(Float32Array.of(3));
  expect(await reader.check(Uint8Array.of(OK))).toMatchObject({ format: 'png' });
  expect(await Promise.race([stuck, 'still stuck'])).toBe('still stuck');
});

test('no more images are indexed at once than there are workers, though searches have a process of their own', async () => {
  const reader = misbehaving({ workers: 1 });
  const describe = async (milliseconds: number) =>
    (await reader.describe(Uint8Array.of(PROCESS, milliseconds / 10), { ocr: false })).embedding[0];
  const indexing = describe(2_000);
  // The first may come before the image in the process that is ready first; the second finds the image at work there.
  await reader.embed(Uint8Array.of(PROCESS));
  const [searching] = await reader.embed(Uint8Array.of(PROCESS));
  expect(searching).not.toBe(await indexing);
  const done: string[] = [];
  await Promise.all([
    describe(500).then(() => done.push('first')),
    describe(0).then(() => done.push('second')),
  ]);
  expect(done).toEqual(['first', 'second']);
});

test('of images that are large together one waits until the other is done', async () => {
  const wallLimit = 1_500;
  const reader = misbehaving({ workers: 2, memoryBudget: 1_000, wallLimit });
  const describe = async (...bytes: number[]) => {
    const code = await reader.describe(Uint8Array.from(bytes), { ocr: false }).then(
      () => 'described',
      error => error.code,
    );
    return { code, at: performance.now() };
  };
  // Each of the two hangs once it is let in, whichever that is first.
  const [first, second, alone] = await Promise.all([
    describe(LARGE, 8, 1),
    describe(LARGE, 8, 1),
    describe(LARGE, 20),
  ]);
  expect([first.code, second.code, alone.code]).toEqual(['machine_busy', 'machine_busy', 'described']);
  expect(Math.abs(second.at - first.at)).toBeGreaterThan(wallLimit * 0.9);
});

test('a search goes on while a large image has the memory alone', async () => {
  const reader = misbehaving({ workers: 1, memoryBudget: 1_000 });
  const large = reader.describe(Uint8Array.of(LARGE, 8, 1), { ocr: false }).catch(error => error.code);
  await reader.embed(Uint8Array.of(OK, 1));
  expect(await reader.embed(Uint8Array.of(OK, 2))).toEqual(Float32Array.of(2));
  await reader.close();
  expect(await large).toBe('out_of_time');
});

test('an image of more than half of the memory has it alone, and what waited is read after it', async () => {
  const reader = misbehaving({ workers: 2, memoryBudget: 1_000, cpuLimit: 60_000 });
  const described = async (...bytes: number[]) =>
    (await reader.describe(Uint8Array.from(bytes), { ocr: false })).embedding[0] ?? 0;
  const running = new Set<number>();
  while (running.size < 2)
    for (const pid of await Promise.all([described(PROCESS, 10), described(PROCESS, 10)])) running.add(pid);
  await described(LARGE, 6);
  expect([...running].filter(isRunning).length).toBeLessThan(2);
  const weights = [6, 4, 7, 5, 6, 1];
  expect(await Promise.all(weights.map(weight => described(LARGE, weight)))).toEqual(weights);
});

test('closing rejects what waits with an error that may heal', async () => {
  const reader = misbehaving({ cpuLimit: 10_000 });
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

test('reading leaves the processors to searches first', async () => {
  const [pid = 0] = await misbehaving().embed(Uint8Array.of(PROCESS));
  expect(getPriority(pid)).toBe(Math.max(getPriority(), PRIORITY));
});

test('processes without work leave, and come back with work', async () => {
  const reader = misbehaving({ idleLimit: 20 });
  const first = (await reader.embed(Uint8Array.of(PROCESS)))[0] ?? 0;
  await expect.poll(() => isRunning(first)).toBe(false);
  const second = (await reader.embed(Uint8Array.of(PROCESS)))[0] ?? 0;
  expect(second).not.toBe(first);
});

test('a process at work does not leave, however long its image takes', async () => {
  const reader = misbehaving({ idleLimit: 20, cpuLimit: 400 });
  await expect(reader.embed(Uint8Array.of(HANG))).rejects.toMatchObject({
    code: 'image_timeout',
    parameters: { seconds: 0.4 },
  });
});

test('a process whose parent was killed ends, also while it hangs', async () => {
  const parent = fork(new URL('./reader-parent.ts', import.meta.url), { execArgv: [] });
  const [reading] = (await once(parent, 'message')) as [number];
  expect(isRunning(reading)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isRunning(reading)).toBe(false);
});

test("the bytes stay the caller's", async () => {
  const own = Uint8Array.of(OK, 1);
  await misbehaving().embed(own);
  expect(own).toEqual(Uint8Array.of(OK, 1));
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
