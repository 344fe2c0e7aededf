import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { cameraRaw, tiff } from '../../tests/images/camera-raw.ts';
import { jp2File, jpeg2000 } from '../../tests/images/jpeg2000.ts';
import { type ErrorCode, SemblanceError } from '../errors.ts';
import { decodeImage } from './decode.ts';
import { rejectionOfHeif } from './heif-errors.ts';
import { HEADER } from './rejections.ts';

const fixture = (name: string) => readFile(new URL(`../../tests/fixtures/images/${name}`, import.meta.url));

const decode = (bytes: Uint8Array) =>
  decodeImage(bytes, { maxPixels: 4_000_000, short: 448, long: 768, pixels: 0 });

type Rejection = { readonly code: ErrorCode; readonly message: string };
const rejectionOf = async (bytes: Uint8Array): Promise<Rejection | null> => {
  try {
    await decode(bytes);
    return null;
  } catch (error) {
    if (error instanceof SemblanceError) return error;
    throw error;
  }
};

/** A small image with enough in it that its compressed data has many bytes; the same each time. */
const image = () => {
  const samples = Uint8Array.from({ length: 48 * 32 * 3 }, (_, i) => (i * i * 31 + 7 * i) % 251);
  return sharp(samples, { raw: { width: 48, height: 32, channels: 3 } });
};

const FILES: Readonly<Record<string, () => Promise<Buffer>>> = {
  JPEG: () => image().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  'progressive JPEG': () => image().jpeg({ progressive: true }).toBuffer(),
  PNG: () => image().png().toBuffer(),
  WebP: () => image().webp().toBuffer(),
  GIF: () => image().gif().toBuffer(),
  AVIF: () => image().ensureAlpha(0.5).avif().toBuffer(),
  'animated AVIF': () => fixture('animated.avif'),
  TIFF: () => image().tiff({ compression: 'lzw' }).toBuffer(),
  'TIFF of JPEG': () => image().tiff({ compression: 'jpeg' }).toBuffer(),
  BigTIFF: () => image().tiff({ compression: 'deflate', bigtiff: true }).toBuffer(),
  HEIC: () => fixture('turned.heic'),
  BMP: () => fixture('picture.bmp'),
  'JPEG 2000': async () => jp2File(await jpeg2000(48, 32, 3), 48, 32, 3),
  'camera raw': async () => cameraRaw(await image().jpeg().toBuffer()),
};
const names = Object.keys(FILES);

/** What is wrong with it is said in our own words: none of a library's name, and no bytes of the file. */
const PLAIN = /^[A-Za-z0-9 :,.()×-]+$/;
const LIBRARIES = /vips|libheif|VipsJpeg|libpng|gifload|webp2|OpenJPEG|Huffman|marker|box/i;

describe('a file is damaged whose beginning is garbage behind its first bytes', () => {
  const garbage = (length: number, seed: number) =>
    Uint8Array.from({ length }, (_, i) => (Math.imul(i + seed, 2654435761) >>> 13) & 0xff);

  test.each([
    ['JPEG', 4],
    ['JPEG', 20],
    ['progressive JPEG', 160],
    ['PNG', 8],
    ['WebP', 16],
    ['GIF', 6],
    ['TIFF of JPEG', 12],
    ['HEIC', 44],
    ['AVIF', 44],
    ['JPEG 2000', 110],
  ])('%s from byte %d on', async (name, start) => {
    const bytes = (await FILES[name]?.()) ?? expect.unreachable();
    for (let seed = 1; seed <= 8; seed++) {
      const bad = Buffer.from(bytes);
      bad.set(garbage(Math.min(300, bytes.length - start), seed * 977), start);
      expect(await rejectionOf(bad)).toMatchObject({ code: 'image_corrupt' });
    }
  });
});

test('whatever is cut off or overwritten, an image is read, or damaged, or too large: never unsupported', async () => {
  const seeds = await Promise.all(
    Object.entries(FILES).map(async ([name, make]) => ({ name, bytes: await make() })),
  );
  const harm = fc.record({
    seed: fc.constantFrom(...seeds),
    // Most of the damage is in the header, where it changes sizes and offsets.
    at: fc.oneof(fc.nat(120), fc.nat(700), fc.nat(8000)),
    garbage: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(harm, async ({ seed, at, garbage, cut }) => {
      const bytes = Buffer.from(seed.bytes);
      bytes.set(garbage.subarray(0, bytes.length), Math.min(at, Math.max(0, bytes.length - garbage.length)));
      const rejection = await rejectionOf(
        cut === null ? bytes : bytes.subarray(0, Math.ceil(bytes.length * cut)),
      );
      if (rejection === null || rejection.code === 'image_empty') return;
      expect(['image_corrupt', 'not_an_image', 'image_too_many_pixels']).toContain(rejection.code);
      expect(rejection.message).toMatch(PLAIN);
      expect(rejection.message).not.toMatch(LIBRARIES);
    }),
    // What damage can't be told from by its nature, one bit that makes a lossy frame lossless, has other seeds.
    { numRuns: 600, seed: 20261127 },
  );
});

describe('a feature of a format that is not read here is called so', () => {
  /** A JPEG whose frame header is changed. */
  const jpegWith = async (change: (bytes: Buffer, frame: number) => void) => {
    const bytes = await image().jpeg().toBuffer();
    change(bytes, bytes.indexOf(Buffer.from([0xff, 0xc0])));
    return bytes;
  };
  /** A TIFF, classic or big, of which the first value of a tag is changed. */
  const tiffWith = async (tag: number, value: number, bigtiff = false) => {
    const bytes = await image().tiff({ compression: 'deflate', bigtiff }).toBuffer();
    const directory = bigtiff ? Number(bytes.readBigUInt64LE(8)) : bytes.readUInt32LE(4);
    const [head, size, wordSize] = bigtiff ? [8, 20, 8] : [2, 12, 4];
    for (let at = directory + head; ; at += size) {
      if (bytes.readUInt16LE(at) !== tag) continue;
      const inside = at + 4 + wordSize;
      const isList = bytes.readUInt16LE(at + 4) * 2 > wordSize;
      bytes.writeUInt16LE(value, isList ? bytes.readUInt32LE(inside) : inside);
      return bytes;
    }
  };
  const bmpWith = async (bits: number, compression: number) => {
    const bytes = await fixture('picture.bmp');
    bytes.writeUInt16LE(bits, 28);
    bytes.writeUInt32LE(compression, 30);
    return bytes;
  };
  const heifWith = async (name: string, type: string) => {
    const bytes = (await FILES[name]?.()) ?? expect.unreachable();
    bytes.write(type, bytes.indexOf('infe') + 12, 'latin1');
    return bytes;
  };

  test.each([
    ['JPEG with 12 bits a sample', () => jpegWith((bytes, at) => bytes.writeUInt8(12, at + 4))],
    ['JPEG with lossless coding', () => jpegWith((bytes, at) => bytes.writeUInt8(0xc3, at + 1))],
    [
      'JPEG with its height behind its pixels (DNL)',
      async () => {
        const bytes = await jpegWith((jpeg, at) => jpeg.writeUInt16BE(0, at + 5));
        const [end, lines] = [bytes.length - 2, Buffer.from([0xff, 0xdc, 0, 4, 0, 32])];
        return Buffer.concat([bytes.subarray(0, end), lines, bytes.subarray(end)]);
      },
    ],
    ['TIFF with JPEG 2000 compression', () => tiffWith(0x103, 34712)],
    ['TIFF with Zstandard compression', () => tiffWith(0x103, 50000)],
    ['TIFF with LERC compression', () => tiffWith(0x103, 34887, true)],
    ['TIFF with 8 samples a pixel', () => tiffWith(0x115, 8)],
    ['TIFF with 12 bits a sample', () => tiffWith(0x102, 12)],
    ['BMP with 0 bits a pixel and compression 5', () => bmpWith(0, 5)],
    ['BMP with 32 bits a pixel and compression 11', () => bmpWith(32, 11)],
    ['JPEG 2000 with 4 components', () => jpeg2000(48, 32, 4)],
    ['HEIC with another kind of image', () => heifWith('HEIC', 'unci')],
    ['AVIF with another kind of image', () => heifWith('AVIF', 'unci')],
    ['Camera raw without a preview', async () => cameraRaw()],
  ])('%s', async (words, make) => {
    expect(await rejectionOf(await make())).toMatchObject({
      code: 'image_unsupported',
      message: `${words} is not supported.`,
    });
  });

  test.each([
    ['a JPEG of 0 lines without DNL', () => jpegWith((bytes, at) => bytes.writeUInt16BE(0, at + 5))],
    ['a JPEG of 9 bits', () => jpegWith((bytes, at) => bytes.writeUInt8(9, at + 4))],
    [
      'a JPEG table as a frame',
      () => jpegWith(bytes => bytes.writeUInt8(0xc3, bytes.indexOf('\xff\xc4', 0, 'latin1') + 1)),
    ],
    [
      'a lossless JPEG frame that is not as long as its components take',
      () =>
        jpegWith((bytes, at) => {
          bytes.writeUInt8(0xc3, at + 1);
          bytes.writeUInt8(7, at + 9);
        }),
    ],
    [
      'a JPEG 2000 header that is not as long as its components take',
      async () => {
        const bytes = await jpeg2000(48, 32, 3);
        bytes.writeUInt16BE(4, 40);
        return bytes;
      },
    ],
    ['a TIFF of a compression that there is not', () => tiffWith(0x103, 42_272)],
    ['a TIFF of 40,000 samples a pixel', () => tiffWith(0x115, 40_000)],
    ['a TIFF of a predictor that there is not', () => tiffWith(0x13d, 77)],
    ['a BMP of 9 bits', () => bmpWith(9, 0)],
    [
      'a HEIC box of a version that there is not',
      async () => {
        const bytes = await fixture('turned.heic');
        bytes.writeUInt8(77, bytes.indexOf('iloc') + 4);
        return bytes;
      },
    ],
  ] as const)('and %s is damaged', async (_, make) => {
    expect(await rejectionOf(await make())).toMatchObject({ code: 'image_corrupt' });
  });
});

test.each([60_000, 2_500_000_000])(
  'HEIC and AVIF that say to be %d px wide have too many pixels',
  async width => {
    for (const name of ['HEIC', 'AVIF']) {
      const bytes = (await FILES[name]?.()) ?? expect.unreachable();
      for (let at = bytes.indexOf('ispe'); at >= 0; at = bytes.indexOf('ispe', at + 1)) {
        bytes.writeUInt32BE(width, at + 8);
        bytes.writeUInt32BE(60_000, at + 12);
      }
      expect(await rejectionOf(bytes)).toMatchObject({
        code: 'image_too_many_pixels',
        parameters: { width, height: 60_000, max_pixels: 4_000_000 },
      });
    }
  },
);

test.each([
  ['no memory', 6, 0, 'Memory allocation error: Unspecified', 'image_unreadable'],
  ['a box beyond its limits', 6, 1000, 'Memory allocation error: Security limit exceeded', 'image_corrupt'],
  ['a codec that it lacks', 4, 3000, 'Unsupported feature: Unsupported codec', 'image_unsupported'],
  ['a box of unknown version', 4, 3002, 'Unsupported feature: Unsupported data version', 'image_corrupt'],
  ['a property that it lacks', 4, 3007, "could not parse item property 'iscl'", 'image_unsupported'],
  ['a property that there is not', 4, 3007, "could not parse item property 'ir\\0t'", 'image_corrupt'],
])('where libheif says that there is %s: error %d.%d', (_, code, subcode, message, wanted) => {
  expect(rejectionOfHeif('heic', { code, subcode, message }, HEADER)).toMatchObject({ code: wanted });
});

test('a JPEG whose sampling factors are too large is damaged, not too large', async () => {
  const bytes = await image().jpeg().toBuffer();
  bytes.writeUInt8(0x44, bytes.indexOf(Buffer.from([0xff, 0xc0])) + 11);
  expect(await rejectionOf(bytes)).toMatchObject({ code: 'image_corrupt' });
});

test('a camera raw that ends before what its directory points to, or whose preview is damaged, is damaged', async () => {
  const preview = await image().jpeg().toBuffer();
  const strips = tiff([
    [0xfe, 4, 1],
    [0x10f, 2, 'NIKON CORPORATION'],
    [0x14a, 4, 90],
    [0x111, 4, 50_000],
    [0x117, 4, 10],
  ]);
  const cut = await rejectionOf(Buffer.concat([strips, Buffer.alloc(200)]));
  expect(cut).toMatchObject({ code: 'image_corrupt', message: 'Camera raw: it ends before its preview.' });

  const bad = preview.subarray(0, preview.length * 0.4);
  expect(await rejectionOf(cameraRaw(bad))).toMatchObject({
    code: 'image_corrupt',
    message: 'Camera raw: its preview is damaged.',
  });
});

test.each(names)('%s is read as long as it is whole', async name => {
  expect(await rejectionOf((await FILES[name]?.()) ?? expect.unreachable())).toBeNull();
});
