import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { cameraRaw, tiff } from '../../tests/images/camera-raw.ts';
import { box } from '../../tests/images/jpeg2000.ts';
import { decodeImage } from './decode.ts';
import { sniffFormat } from './sniff.ts';

const LIMITS = { maxPixels: 1e6, short: 448, long: 768, pixels: 0 };
const decode = (bytes: Uint8Array) => decodeImage(bytes, LIMITS);
const jpeg = (width: number, height: number, options = {}) =>
  sharp({ create: { width, height, channels: 3, background: '#4060a0' } })
    .jpeg(options)
    .toBuffer();

const TABLE = Buffer.from([0xff, 0xdb]);

test('of the previews in a camera raw the largest is shown, upright as the raw says', async () => {
  const raw = cameraRaw(await jpeg(16, 12), await jpeg(80, 60), await jpeg(40, 30));
  expect(sniffFormat(raw)).toBe('raw');
  const image = await decode(raw);
  expect(image).toMatchObject({ format: 'raw', width: 60, height: 80, damaged: false });
  expect([...image.rgb.data.subarray(0, 3)].map(level => Math.round(level / 16))).toEqual([4, 6, 10]);
});

test('where the largest is damaged the next is shown', async () => {
  // The preview has lost its quantization tables.
  const broken = await jpeg(80, 60);
  for (let at = broken.indexOf(TABLE); at >= 0; at = broken.indexOf(TABLE)) broken[at + 1] = 0xef;
  expect(await decode(cameraRaw(await jpeg(16, 12), broken))).toMatchObject({ width: 12, height: 16 });
});

test('a preview says itself how it stands, and that goes before', async () => {
  const turned = await sharp(await jpeg(80, 60))
    .withMetadata({ orientation: 3 })
    .jpeg()
    .toBuffer();
  expect(await decode(cameraRaw(turned))).toMatchObject({ width: 80, height: 60 });
});

test("sensor data in JPEG's lossless form is no preview", async () => {
  const lossless = await jpeg(80, 60);
  lossless[lossless.indexOf(Buffer.from([0xff, 0xc0])) + 1] = 0xc3;
  await expect(decode(cameraRaw(lossless))).rejects.toMatchObject({
    code: 'image_unsupported',
    message: expect.stringMatching(/^Camera raw without a preview/),
  });
});

describe('a camera raw is known by its content', () => {
  const behind = Buffer.alloc(64);
  test.each([
    ['DNG', tiff([[0xc612, 4, 0x0401]], behind)],
    ['a TIFF of a colour filter array', tiff([[0x106, 3, 32803]], behind)],
    ['CR2', Buffer.concat([Buffer.from('II*\0\x10\0\0\0CR\x02\0', 'latin1'), behind])],
    ['CR3', Buffer.concat([box('ftyp', Buffer.from('crx \0\0\0\x01crx isom')), behind])],
    ['RAF', Buffer.concat([Buffer.from('FUJIFILMCCD-RAW 0201'), behind])],
    ['ORF', Buffer.concat([Buffer.from('IIRO\x08\0\0\0', 'latin1'), behind])],
    ['RW2', Buffer.concat([Buffer.from('IIU\0\x08\0\0\0', 'latin1'), behind])],
  ])('%s', async (_, raw) => {
    expect(sniffFormat(raw)).toBe('raw');
    expect(await decode(Buffer.concat([raw, await jpeg(40, 30)]))).toMatchObject({
      format: 'raw',
      width: 40,
    });
  });

  test('and a TIFF that a camera or an editor wrote is none', async () => {
    const photo = sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } });
    expect(
      sniffFormat(
        await photo
          .withExif({ IFD0: { Make: 'NIKON CORPORATION' } })
          .tiff()
          .toBuffer(),
      ),
    ).toBe('tiff');
  });
});
