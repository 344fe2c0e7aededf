import { readFile } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { cameraRaw } from '../../tests/images/camera-raw.ts';
import { jpeg2000 } from '../../tests/images/jpeg2000.ts';
import { type ErrorCode, SemblanceError } from '../errors.ts';
import { decodeImage } from './decode.ts';

const golden = (name: string) => readFile(new URL(`../../tests/golden/preprocess/${name}`, import.meta.url));
const fixture = (name: string) => readFile(new URL(`../../tests/fixtures/images/${name}`, import.meta.url));

const LIMITS = { maxPixels: 100_000_000, short: 448, long: 768, pixels: 0 };
const decode = (bytes: Uint8Array, maxPixels = LIMITS.maxPixels) =>
  decodeImage(bytes, { ...LIMITS, maxPixels });

async function codeOf(work: Promise<unknown>): Promise<ErrorCode> {
  const error: unknown = await work.then(
    () => expect.unreachable('it was decoded'),
    reason => reason,
  );
  if (error instanceof SemblanceError) return error.code;
  throw error;
}

const noise = (width: number, height: number) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });

const flat = (width: number, height: number, background = '#4060a0') =>
  sharp({ create: { width, height, channels: 3, background }, limitInputPixels: false });

const meanLevels = (data: Uint8Array): number[] =>
  [0, 1, 2].map(c => {
    let sum = 0;
    for (let i = c; i < data.length; i += 3) sum += data[i] ?? 0;
    return Math.round((3 * sum) / data.length);
  });

describe('every format is read by its content', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)('%s', async format => {
    const image = await decode(await flat(60, 40).toFormat(format).toBuffer());
    expect(image).toMatchObject({ format, width: 60, height: 40, rgb: { width: 60, height: 40 } });
    expect(image.rgb.data).toHaveLength(60 * 40 * 3);
    for (const [c, level] of [0x40, 0x60, 0xa0].entries()) {
      expect(Math.abs((meanLevels(image.rgb.data)[c] ?? 0) - level)).toBeLessThanOrEqual(4);
    }
  });

  test('with its alpha beside it, upright as the pixels are; none where all is opaque', async () => {
    // 2 × 1 as stored, the left pixel see-through; upright after a quarter turn clockwise it stands on top
    const stored = Buffer.from([255, 0, 0, 0, 0, 0, 255, 255]);
    const png = sharp(stored, { raw: { width: 2, height: 1, channels: 4 } });
    const image = await decode(await png.withMetadata({ orientation: 6 }).png().toBuffer());
    expect(image).toMatchObject({ width: 1, height: 2 });
    expect([...image.rgb.data]).toEqual([255, 255, 255, 0, 0, 255]);
    expect([...(image.alpha ?? [])]).toEqual([0, 255]);

    expect((await decode(await flat(4, 4).ensureAlpha().png().toBuffer())).alpha).toBeNull();
    const heic = await decode(await fixture('alpha.heic'));
    expect(heic.alpha).toHaveLength(heic.width * heic.height);
  });

  test('heic, upright as its container says, EXIF orientation not applied twice', async () => {
    const image = await decode(await fixture('turned.heic'));
    expect(image).toMatchObject({ format: 'heic', width: 105, height: 160 });
    const plain = await decode(await golden('small-o2.jpg'));
    const similar = await sharp(plain.rgb.data, { raw: { width: 401, height: 263, channels: 3 } })
      .resize(160, 105, { fit: 'fill' })
      .rotate(90)
      .raw()
      .toBuffer();
    expect(meanDifference(image.rgb.data, similar)).toBeLessThan(8);
  });

  test('heic with alpha, over white', async () => {
    const image = await decode(await fixture('alpha.heic'));
    expect(image).toMatchObject({ width: 120, height: 80 });
    const { rgb } = await decode(await golden('rgba.png'));
    const similar = await sharp(rgb.data, { raw: { width: 500, height: 333, channels: 3 } })
      .resize(120, 80, { fit: 'fill' })
      .raw()
      .toBuffer();
    expect(meanDifference(image.rgb.data, similar)).toBeLessThan(8);
  });

  test('an animated WebP is its first frame', async () => {
    const frames = await Promise.all(
      ['#ff0000', '#0000ff'].map(colour => flat(30, 20, colour).png().toBuffer()),
    );
    const animated = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    expect((await sharp(animated).metadata()).pages).toBe(2);
    const image = await decode(animated);
    expect(image).toMatchObject({ width: 30, height: 20 });
    expect(meanLevels(image.rgb.data)).toEqual([255, 0, 0]);
  });
});

describe('large photographs come reduced, others whole', () => {
  test('a turned 12-megapixel JPEG', async () => {
    const bytes = await flat(4000, 3000).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const image = await decode(bytes);
    expect(image).toMatchObject({ width: 3000, height: 4000, rgb: { width: 576, height: 768 } });
  });

  test('no edge is shorter than requested', async () => {
    const { rgb } = await decode(await flat(6000, 1000).jpeg().toBuffer());
    expect(rgb).toMatchObject({ width: 2688, height: 448 });
  });

  test('a HEIC of 64 megapixels is reduced, its size being that of the whole', async () => {
    const image = await decode(await fixture('heic-64-megapixels-in-15-KB.heic'));
    expect(image).toMatchObject({ width: 8000, height: 8000 });
    expect(image.rgb.width).toBeLessThan(1000);
    expect(image.rgb.data).toHaveLength(image.rgb.width * image.rgb.height * 3);
  });

  test('a PNG of 3 megapixels is left whole, one of 24 is reduced', async () => {
    expect((await decode(await flat(2000, 1500).png().toBuffer())).rgb.width).toBe(2000);
    expect((await decode(await flat(6000, 4000).png().toBuffer())).rgb.width).toBe(768);
  });
});

test('an orientation that does not exist turns nothing', async () => {
  const bytes = await flat(40, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  // The entry is tag 0x0112, of type SHORT, once, and its value.
  const tag = Buffer.from('120103000100000006', 'hex');
  const at = bytes.indexOf(tag);
  expect(at).toBeGreaterThan(0);
  expect(await decode(bytes)).toMatchObject({ width: 20, height: 40 });
  bytes[at + tag.length - 1] = 9;
  expect(await decode(bytes)).toMatchObject({ width: 40, height: 20, rgb: { width: 40, height: 20 } });
});

describe('bad files', () => {
  test('0 bytes', async () => expect(await codeOf(decode(new Uint8Array()))).toBe('image_empty'));

  test.each([
    ['text', 'Dear diary, this is not an image.'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['SVG with a declaration', '<?xml version="1.0"?><svg width="9" height="9"/>'],
    ['PDF', '%PDF-1.7\n'],
    ['MP4', '\0\0\0\x18ftypisom\0\0\0\0isommp42'],
    ['one byte', 'x'],
  ])('%s is no image that is read', async (_, text) => {
    expect(await codeOf(decode(Buffer.from(text, 'latin1')))).toBe('not_an_image');
  });

  test.each([
    ['photo.jpg', [0.02, 0.25]],
    ['progressive.jpg', [0.02, 0.1]],
    ['rgba.png', [0.02, 0.4]],
    ['lossless.webp', [0.02, 0.5, 0.9]],
    ['plain.tif', [0.02, 0.4]],
  ])('%s of which less than half is there is corrupt', async (name, parts) => {
    const bytes = await golden(name);
    for (const part of parts) {
      expect(await codeOf(decode(bytes.subarray(0, bytes.length * part)))).toBe('image_corrupt');
    }
  });

  test('a GIF cut in its first frame is corrupt, cut in a later one it is read', async () => {
    const bytes = await golden('animated.gif');
    expect(await codeOf(decode(bytes.subarray(0, 2_000)))).toBe('image_corrupt');
    expect((await decode(bytes.subarray(0, bytes.length - 2_000))).width).toBe(320);
  });

  test('HEIC and AVIF truncated are corrupt', async () => {
    const avif = await noise(64, 64).avif().toBuffer();
    for (const bytes of [await fixture('turned.heic'), avif]) {
      expect(await codeOf(decode(bytes.subarray(0, bytes.length * 0.6)))).toBe('image_corrupt');
      expect(await codeOf(decode(bytes.subarray(0, 64)))).toBe('image_corrupt');
    }
  });

  test('a PNG that claims 60,000 × 60,000 is rejected from its header', async () => {
    const bomb = pngOf(60_000, 60_000);
    expect(bomb.length).toBeLessThan(200);
    expect(await codeOf(decode(bomb))).toBe('image_too_many_pixels');
  });

  test('one pixel more than allowed is rejected, in HEIC too', async () => {
    expect(await codeOf(decode(await flat(10, 10).png().toBuffer(), 99))).toBe('image_too_many_pixels');
    expect((await decode(await flat(10, 10).png().toBuffer(), 100)).width).toBe(10);
    expect(await codeOf(decode(await fixture('turned.heic'), 105 * 160 - 1))).toBe('image_too_many_pixels');
  });

  test('1 × 1 and 20,000 × 300', async () => {
    expect(await decode(await flat(1, 1).png().toBuffer())).toMatchObject({ width: 1, height: 1 });
    expect(await decode(await flat(20_000, 300).jpeg().toBuffer())).toMatchObject({
      width: 20_000,
      height: 300,
    });
  });
});

describe('what browsers show of a damaged file is read, with a note', () => {
  test.each(['photo.jpg', 'progressive.jpg', 'rgba.png', 'gray16.png'])('%s cut at 80 %%', async name => {
    const bytes = await golden(name);
    const [whole, cut] = [await decode(bytes), await decode(bytes.subarray(0, bytes.length * 0.8))];
    expect([whole.damaged, cut.damaged]).toEqual([false, true]);
    expect(cut).toMatchObject({ width: whole.width, height: whole.height });
    const half = whole.rgb.data.length / 2;
    expect(meanDifference(whole.rgb.data.subarray(0, half), cut.rgb.data.subarray(0, half))).toBeLessThan(4);
  });

  test('a turned JPEG has its upper half where it is stored', async () => {
    const bytes = await golden('photo-o6.jpg');
    expect(await decode(bytes.subarray(0, bytes.length * 0.8))).toMatchObject({ damaged: true });
    expect(await codeOf(decode(bytes.subarray(0, bytes.length * 0.3)))).toBe('image_corrupt');
  });

  test('a JPEG without its end marker', async () => {
    const bytes = await golden('photo.jpg');
    expect(await decode(bytes.subarray(0, bytes.length - 2))).toMatchObject({ damaged: true });
  });

  test('a PNG whose text has a wrong checksum is whole', async () => {
    const png = await flat(30, 20).png().toBuffer();
    const text = Buffer.concat([Buffer.from([0, 0, 0, 5]), Buffer.from('tEXta\0bcd'), Buffer.alloc(4, 7)]);
    const image = await decode(Buffer.concat([png.subarray(0, 33), text, png.subarray(33)]));
    expect(image.damaged).toBe(false);
    expect(meanLevels(image.rgb.data)).toEqual([0x40, 0x60, 0xa0]);
  });

  test('a GIF cut in its first frame, behind half of its rows', async () => {
    const bytes = await noise(200, 200).gif().toBuffer();
    expect(await decode(bytes.subarray(0, bytes.length * 0.8))).toMatchObject({ damaged: true, width: 200 });
    expect(await codeOf(decode(bytes.subarray(0, bytes.length * 0.2)))).toBe('image_corrupt');
  });

  test('a BMP, of whose rows those at the bottom come first', async () => {
    const bytes = await fixture('picture.bmp');
    expect(await decode(bytes.subarray(0, bytes.length * 0.8))).toMatchObject({ damaged: true });
    expect(await codeOf(decode(bytes.subarray(0, bytes.length * 0.3)))).toBe('image_corrupt');
  });
});

describe('formats that libvips does not read by itself', () => {
  test('a BMP', async () => {
    const bytes = await fixture('picture.bmp');
    const [width, height] = [bytes.readInt32LE(18), Math.abs(bytes.readInt32LE(22))];
    expect(await decode(bytes)).toMatchObject({ format: 'bmp', width, height, damaged: false });
    expect(await codeOf(decode(bytes, width * height - 1))).toBe('image_too_many_pixels');
  });

  test('an animated AVIF is its first frame', async () => {
    const image = await decode(await fixture('animated.avif'));
    expect(image).toMatchObject({ format: 'avif', width: 64, height: 64 });
  });

  test('a grey AVIF of limited range is widened', async () => {
    const { data } = (await decode(await fixture('grey-limited-range.avif'))).rgb;
    expect([Math.min(...data), Math.max(...data)]).toEqual([0, 255]);
  });

  test('a camera raw without a preview is not supported, and not called damaged', async () => {
    expect(await codeOf(decode(await fixture('raw-camera-look-alike.CR2')))).toBe('image_unsupported');
  });
});

test('bytes damaged anywhere are decoded or rejected with a reason', async () => {
  const seeds = await Promise.all([
    ...['photo-o3.jpg', 'tiny.png', 'webp-o6.webp', 'plain.tif', 'animated.gif', 'cmyk.jpg'].map(golden),
    fixture('turned.heic'),
    fixture('alpha.heic'),
    noise(48, 32).avif().toBuffer(),
    fixture('animated.avif'),
    fixture('grey-limited-range.avif'),
    fixture('picture.bmp'),
    jpeg2000(48, 32, 3),
    cameraRaw(await noise(48, 32).jpeg().toBuffer()),
  ]);
  const damaged = fc
    .tuple(
      fc.constantFrom(...seeds),
      // Half of the damage is in the header, where it changes sizes and offsets.
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), fc.nat(255)), {
        maxLength: 12,
      }),
    )
    .map(([seed, changes]) => {
      const bytes = Uint8Array.from(seed);
      for (const [at, inHeader, value] of changes) {
        const range = inHeader ? Math.min(bytes.length, 400) : bytes.length;
        bytes[Math.min(range - 1, Math.floor(at * range))] = value;
      }
      return bytes;
    });
  await fc.assert(
    fc.asyncProperty(damaged, async bytes => {
      const before = process.cpuUsage();
      await decode(bytes, 4_000_000).then(
        ({ rgb }) => expect(rgb.data).toHaveLength(rgb.width * rgb.height * 3),
        error => expect(error).toBeInstanceOf(SemblanceError),
      );
      const { user, system } = process.cpuUsage(before);
      expect(user + system).toBeLessThan(10_000_000);
    }),
    { numRuns: 60 },
  );
});

test('random bytes are rejected with a reason, also behind a right signature', async () => {
  const signatures = [
    '',
    '\xff\xd8\xff',
    '\x89PNG\r\n\x1a\n',
    'GIF89a',
    'RIFF0000WEBPVP8 ',
    'II*\0',
    '\0\0\0\x18ftypheic',
    '\0\0\0\x18ftypavif',
    'BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0',
    '\0\0\0\x0cjP  \r\n\x87\n\xff\x4f\xff\x51',
    'FUJIFILMCCD-RAW ',
    '\0\0\0\x18ftypcrx ',
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...signatures),
      fc.uint8Array({ maxLength: 600 }),
      async (signature, rest) => {
        const bytes = Buffer.concat([Buffer.from(signature, 'latin1'), rest]);
        await decode(bytes, 1_000_000).catch(error => expect(error).toBeInstanceOf(SemblanceError));
      },
    ),
    { numRuns: 150 },
  );
});

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((sum, level, i) => sum + Math.abs(level - (b[i] ?? 0)), 0) / a.length;
}

/** A PNG of that size by its header, with next to no data. */
function pngOf(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
