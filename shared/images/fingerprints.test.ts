import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash';
import { describe, expect, test } from 'vitest';
import { differenceHashBands } from '../catalog/hash-bands.ts';
import { decodeImage } from './decode.ts';
import { differenceHash, placeholderOf } from './fingerprints.ts';

const golden = (name: string) => readFile(new URL(`../../tests/golden/preprocess/${name}`, import.meta.url));
const rgbOf = async (bytes: Uint8Array) =>
  (await decodeImage(bytes, { maxPixels: 1e8, short: 448, long: 768, pixels: 0 })).rgb;

const differingBits = (a: string, b: string): number =>
  (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll('0', '').length;

describe('difference hash', () => {
  test('says of each cell whether it is brighter than its right neighbour, first row first', () => {
    const data = new Uint8Array(9 * 8 * 3).fill(200);
    data.fill(250, 0, 3); // the top left cell only
    expect(differenceHash({ data, width: 9, height: 8 })).toBe('8000000000000000');
  });

  test('survives scaling and compression, and differs for other images', async () => {
    const photo = await golden('photo.jpg');
    const smaller = await sharp(photo).resize(300).jpeg({ quality: 40 }).toBuffer();
    const hash = differenceHash(await rgbOf(photo));
    expect(differingBits(hash, differenceHash(await rgbOf(smaller)))).toBeLessThanOrEqual(6);
    expect(differingBits(hash, differenceHash(await rgbOf(await golden('wide.jpg'))))).toBeGreaterThan(12);
  });

  test('has four bands', () => {
    expect(differenceHashBands('0123456789abcdef')).toEqual(['0:0123', '1:4567', '2:89ab', '3:cdef']);
  });
});

test('the placeholder keeps average colour and shape', async () => {
  const orange = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#ff8000' } })
    .png()
    .toBuffer();
  const hash = Buffer.from(placeholderOf(await rgbOf(orange)), 'base64');
  const { r, g, b, a } = thumbHashToAverageRGBA(hash);
  for (const [got, wanted] of [
    [r, 1],
    [g, 0.5],
    [b, 0],
    [a, 1],
  ] as const)
    expect(Math.abs(got - wanted)).toBeLessThan(0.05);
  expect(thumbHashToApproximateAspectRatio(hash)).toBeCloseTo(1.5, 0);
});
