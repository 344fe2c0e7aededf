import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { heicProfile, relevantProfile } from './colour-profile.ts';
import { decodeImage } from './decode.ts';
import { encodeWebp } from './thumbnails.ts';

const golden = (name: string) => readFile(new URL(`../../tests/golden/preprocess/${name}`, import.meta.url));
const decode = async (bytes: Uint8Array) =>
  decodeImage(bytes, { maxPixels: 1e8, short: 448, long: 768, pixels: 0 });

test('a wide-gamut image keeps its profile, so its thumbnail looks like it', async () => {
  const bytes = await golden('icc-wide.jpg');
  const { rgb, profile } = await decode(bytes);
  const thumbnail = await encodeWebp(rgb, profile);
  expect(profile).not.toBeNull();
  expect((await sharp(thumbnail).metadata()).icc).toEqual(profile);

  // Both are converted to sRGB by their profiles.
  const seen = await sharp(thumbnail).raw().toBuffer();
  const wanted = await sharp(bytes).raw().toBuffer();
  const plain = await sharp(await encodeWebp(rgb, null))
    .raw()
    .toBuffer();
  // What is left is the loss of WebP.
  expect(meanDifference(seen, wanted)).toBeLessThan(meanDifference(plain, wanted) / 2);
});

test('an sRGB profile is left out, and so are those of ink and of grey', async () => {
  const image = sharp({ create: { width: 20, height: 20, channels: 3, background: '#822' } });
  const tagged = async (name: string) =>
    (await decode(await image.clone().withIccProfile(name).jpeg().toBuffer())).profile;
  expect(await tagged('srgb')).toBeNull();
  expect(await tagged('p3')).not.toBeNull();
  expect((await decode(await golden('cmyk.jpg'))).profile).toBeNull();
  expect(relevantProfile(Buffer.alloc(200))).toBeNull();
});

test("a HEIC's profile is found in its colour box", () => {
  const file = Buffer.concat([
    Buffer.from('\0\0\0\x18ftypheic', 'latin1'),
    Buffer.from('\0\0\0\x10colrprofABCD----', 'latin1'),
  ]);
  expect(Buffer.from(heicProfile(file) ?? []).toString()).toBe('ABCD');
  expect(heicProfile(Buffer.from('colrprof'))).toBeUndefined();
});

const meanDifference = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, level, i) => sum + Math.abs(level - (b[i] ?? 0)), 0) / b.length;
