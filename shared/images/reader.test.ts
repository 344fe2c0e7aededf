import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { standInEncoder } from '../../tests/images/stand-in-encoder.ts';
import { sha1Hex } from '../catalog/ids.ts';
import type { WordsInImage } from '../catalog/image-description.ts';
import { openImageReader } from './reader.ts';
import type { RgbImage } from './resize.ts';

const golden = (name: string) => readFile(new URL(`../../tests/golden/preprocess/${name}`, import.meta.url));
const reader = openImageReader({ imageEncoder: standInEncoder, maxPixels: 100_000_000 });
const flat = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } });

test('one decode gives the whole description of an image', async () => {
  const bytes = await golden('photo-o6.jpg');
  const image = await reader.describe(bytes, { ocr: false });
  expect(image).toMatchObject({
    format: 'jpeg',
    width: 1600,
    height: 1067,
    bytes: bytes.length,
    sha1: sha1Hex(bytes),
    taken: null,
    words: null,
  });
  expect(image.dhash).toMatch(/^[0-9a-f]{16}$/);
  expect(Buffer.from(image.placeholder, 'base64').length).toBeGreaterThan(15);
  expect(await sharp(image.thumbnail).metadata()).toMatchObject({
    format: 'webp',
    width: 256,
    height: 171,
  });
  expect(await sharp(image.preview).metadata()).toMatchObject({ format: 'webp', width: 768, height: 512 });
  expect(image.embedding).toEqual(await reader.embed(bytes));
});

test('a vector that is known already is taken as it is', async () => {
  const embedding = Float32Array.of(0, 1, 0);
  const image = await reader.describe(await golden('tiny.png'), { ocr: false, embedding });
  expect(image.embedding).toBe(embedding);
});

test('of a part the vector is that of the part alone', async () => {
  const [left, right] = await Promise.all(
    ['#d02020', '#2020d0'].map(colour => flat(300, 200, colour).png().toBuffer()),
  );
  const both = await flat(600, 200, '#fff')
    .composite([
      { input: left ?? '', left: 0, top: 0 },
      { input: right ?? '', left: 300, top: 0 },
    ])
    .png()
    .toBuffer();
  const half = { y: 0, width: 0.5, height: 1 };
  expect(await reader.embed(both, { x: 0, ...half })).toEqual(await reader.embed(left ?? both));
  expect(await reader.embed(both, { x: 0.5, ...half })).toEqual(await reader.embed(right ?? both));
  expect(await reader.embed(both, { x: 0, y: 0, width: 1, height: 1 })).toEqual(await reader.embed(both));
});

test('for browsers an image is rendered whole and upright', async () => {
  const heic = await readFile(new URL('../../tests/fixtures/images/turned.heic', import.meta.url));
  expect(await sharp(await reader.render(heic)).metadata()).toMatchObject({
    format: 'webp',
    width: 105,
    height: 160,
  });
  const large = await flat(5000, 4000, '#336699').jpeg().toBuffer();
  expect(await sharp(await reader.render(large)).metadata()).toMatchObject({ width: 5000, height: 4000 });
});

test('small images are not enlarged', async () => {
  const { thumbnail, preview } = await reader.describe(await golden('tiny.png'), { ocr: false });
  expect(await sharp(thumbnail).metadata()).toMatchObject({ width: 17, height: 23 });
  expect(await sharp(preview).metadata()).toMatchObject({ width: 17, height: 23 });
});

test.each([
  [1, 1],
  [20_000, 3],
  [3, 3000],
])('an image of %i × %i has everything', async (width, height) => {
  const bytes = await flat(width, height, '#ff0000').png().toBuffer();
  const image = await reader.describe(bytes, { ocr: false });
  expect(image).toMatchObject({ width, height, dhash: '0000000000000000' });
  expect([...image.embedding]).toEqual([1, 0, 0]);
  const thumbnail = await sharp(image.thumbnail).metadata();
  expect(Math.max(thumbnail.width, thumbnail.height)).toBe(Math.min(256, Math.max(width, height)));
  expect(Math.min(thumbnail.width, thumbnail.height)).toBeGreaterThan(0);
});

test('the HEIC fixture has its date with its offset', async () => {
  const bytes = await readFile(new URL('../../tests/fixtures/images/turned.heic', import.meta.url));
  const image = await reader.describe(bytes, { ocr: false });
  expect(image).toMatchObject({
    format: 'heic',
    width: 105,
    height: 160,
    taken: { at: '2024-05-06T07:08:09+02:00', source: 'exif' },
  });
});

test('what a check rejects is what describing rejects, however the bytes are damaged', async () => {
  const fixture = (name: string) => readFile(new URL(`../../tests/fixtures/images/${name}`, import.meta.url));
  const seeds = await Promise.all([
    ...['photo-o3.jpg', 'progressive.jpg', 'rgba.png', 'lossless.webp', 'animated.gif', 'plain.tif'].map(
      golden,
    ),
    ...['turned.heic', 'animated.avif', 'picture.bmp', 'raw-camera-look-alike.CR2'].map(fixture),
  ]);
  const saidOf = (work: Promise<unknown>) =>
    work.then(
      () => 'fine',
      error => `${error.code}: ${error.message}`,
    );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.option(fc.double({ min: 0.02, max: 1, noNaN: true })),
      async (seed, at, cut) => {
        const bytes = Uint8Array.from(cut === null ? seed : seed.subarray(0, seed.length * cut));
        bytes[Math.min(bytes.length - 1, Math.floor(at * bytes.length))] = 0xa5;
        expect(await saidOf(reader.check(bytes))).toBe(await saidOf(reader.describe(bytes, { ocr: false })));
      },
    ),
    { numRuns: 40 },
  );
});

describe('words', () => {
  const seen: RgbImage[] = [];
  const words: WordsInImage = {
    text: 'hi',
    lines: [
      {
        text: 'hi',
        box: [
          [0, 0],
          [100, 0],
          [100, 50],
          [0, 50],
        ],
        score: 1,
      },
    ],
    embedding: null,
    error: null,
  };
  const reading = openImageReader({
    imageEncoder: standInEncoder,
    maxPixels: 100_000_000,
    readWords: async rgb => {
      seen.push(rgb);
      return words;
    },
  });

  test('are read off the same decode, boxes in px of the whole image', async () => {
    const bytes = await flat(4000, 3000, '#123').jpeg().toBuffer();
    const image = await reading.describe(bytes, { ocr: true });
    expect(seen.pop()).toMatchObject({ width: 2829, height: 2122 });
    const box = image.words?.lines[0]?.box ?? [];
    expect(box.map(corner => corner.map(Math.round))).toEqual([
      [0, 0],
      [141, 0],
      [141, 71],
      [0, 71],
    ]);
  });

  test('are not read when they were not requested', async () => {
    expect((await reading.describe(await golden('exact.png'), { ocr: false })).words).toBeNull();
    expect(seen).toEqual([]);
  });
});
