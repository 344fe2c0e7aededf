import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { openOcrEngine, type RgbImage } from '../../shared/ocr/ocr-engine.ts';
import { stopAfter, wordsReader } from '../../shared/ocr/words-reader.ts';

const GALLERY = join(import.meta.dirname, '../../gallery');

const engine = openOcrEngine(1);
afterAll(() => engine.close());
const encoder = {
  model: { name: 'words', fingerprint: '0', dimension: 1, languages: ['en'] },
  encodeText: async () => Float32Array.of(1),
};
const reader = wordsReader({ engine, encoder });
const readWords = (image: RgbImage) => reader(image, () => false);

async function rgb(image: Sharp): Promise<RgbImage> {
  const flat = image.flatten({ background: '#fff' }).toColourspace('srgb');
  const { data, info } = await flat.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
const drawn = (name: string) => sharp(join(GALLERY, `${name}.webp`));
const textOf = async (image: Sharp) => (await readWords(await rgb(image))).text;
const white = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#fff' } });

describe('words are read', () => {
  test('in English, capitals apart, with boxes where they stand', async () => {
    const image = drawn('words/no-parking');
    const { width = 0, height = 0 } = await image.metadata();
    const { text, lines } = await readWords(await rgb(image));
    expect(text).toBe('NO PARKING\nDAY AND NIGHT');
    expect(lines.map(line => line.text)).toEqual(['NO PARKING', 'DAY AND NIGHT']);
    for (const { box, score } of lines) {
      expect(score).toBeGreaterThan(0.9);
      for (const [x, y] of box) {
        expect(x).toBeGreaterThan(0.05 * width);
        expect(x).toBeLessThan(0.95 * width);
        expect(y).toBeGreaterThan(0.55 * height);
        expect(y).toBeLessThan(0.8 * height);
      }
    }
  });

  test('in simplified Chinese, row by row', async () => {
    expect(await textOf(drawn('words/jin-ri-cai-dan'))).toBe(
      '今日菜单\n牛肉面 28元\n水饺 18元\n扬州炒饭 16元\n凉拌黄瓜 12元\n豆浆 5元',
    );
  });

  test('upside down', async () => {
    expect(await textOf(drawn('words/xin-nian-kuai-le').rotate(180))).toContain('新年快乐');
  });

  test('in a long narrow screenshot', async () => {
    const label = await drawn('words/wet-floor').resize({ width: 300 }).toBuffer();
    const strip = white(300, 20_000).composite(
      [50, 9_950, 19_500].map(top => ({ input: label, left: 0, top })),
    );
    const { text, lines } = await readWords(await rgb(sharp(await strip.png().toBuffer())));
    expect(text.match(/WET FLOOR/g)).toHaveLength(3);
    const tops = lines.filter(line => line.text === 'WET FLOOR').map(line => line.box[0]?.[1] ?? 0);
    expect(tops[1]! - tops[0]!).toBeCloseTo(9_900, -1.5);
    expect(tops[2]! - tops[1]!).toBeCloseTo(9_550, -1.5);
  });
});

describe('no words are read', () => {
  test('off drawings, but for a letter in ten', async () => {
    const folders = readdirSync(GALLERY).filter(folder => folder !== 'words');
    const texts = await Promise.all(
      folders.map(async folder => {
        const [first = ''] = readdirSync(join(GALLERY, folder)).toSorted();
        return textOf(sharp(join(GALLERY, folder, first)));
      }),
    );
    expect(texts.join('').length).toBeLessThanOrEqual(texts.length / 10);
  });

  test('off noise, a plain ground or a pixel', async () => {
    const noise = Buffer.from(
      Uint8Array.from({ length: 480 * 320 * 3 }, (_, i) => (i * 7919 + (i >> 3) * 104_729) % 251),
    );
    expect(await textOf(sharp(noise, { raw: { width: 480, height: 320, channels: 3 } }))).toBe('');
    expect(await textOf(white(640, 480))).toBe('');
    expect(await textOf(white(1, 1))).toBe('');
    expect(await textOf(white(3_000, 9))).toBe('');
  });
});

describe('a page of dense text', () => {
  const page = async () => {
    const line = await drawn('words/coffee-menu').resize({ width: 320 }).toBuffer();
    const tiles = Array.from({ length: 12 }, (_, i) => ({
      input: line,
      left: (i % 4) * 330,
      top: Math.floor(i / 4) * 440,
    }));
    return rgb(sharp(await white(1_320, 1_320).composite(tiles).png().toBuffer()));
  };

  test('is read as far as time reaches, and the rest is given up', async () => {
    const whole = await page();
    const all = await readWords(whole);
    expect(all.text.match(/Cappuccino/g)?.length).toBeGreaterThanOrEqual(10);
    expect(all.error).toBeNull();

    const began = performance.now();
    const cut = await reader(whole, stopAfter(1));
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(cut.error).toBe('ocr_timeout');
    expect(cut.lines.length).toBeLessThan(all.lines.length);
  });
});
