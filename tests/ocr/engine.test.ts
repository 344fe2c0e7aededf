import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeImage } from '../../shared/images/decode.ts';
import { openOcrEngine } from '../../shared/ocr/ocr-engine.ts';
import type { RgbImage } from '../../shared/ocr/rgb-image.ts';
import { phraseOf } from '../../shared/ocr/tokens.ts';
import { stopAfter, wordsReader } from '../../shared/ocr/words-reader.ts';

const GALLERY = join(import.meta.dirname, '../../gallery');
const LABELLED = join(import.meta.dirname, '../../bench/ocr/kinds');
const FIXTURES = join(import.meta.dirname, '../fixtures/words');
const PHOTO = join(import.meta.dirname, '../golden/preprocess/photo.jpg');

const engine = openOcrEngine(1);
afterAll(() => engine.close());
const encoder = {
  model: { name: 'words', fingerprint: '0', dimension: 1, languages: ['en'] },
  encodeText: async () => ({ vector: Float32Array.of(1), parts: 1 }),
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

const fixtureText = async (name: string) => {
  const limits = { maxPixels: 100_000_000, short: 448, long: 768, pixels: 6_000_000 };
  const { rgb, alpha } = await decodeImage(await readFile(join(FIXTURES, `${name}.png`)), limits);
  return (await reader({ ...rgb, alpha }, () => false)).text;
};

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

  test.each([90, 180, 270])('on a page turned by %d°, in the order of the page', async turn => {
    const menu = drawn('words/jin-ri-cai-dan');
    const upright = phraseOf(await textOf(menu.clone()));
    expect(phraseOf(await textOf(menu.rotate(turn)))).toBe(upright);
    expect(await textOf(drawn('words/no-parking').rotate(turn))).toBe('NO PARKING\nDAY AND NIGHT');
  });

  test('on a tilted page, row by row', async () => {
    expect(await fixtureText('tilted')).toBe('Lighthouse trail\nPlease keep left\nclosed in winter');
  });

  test('in Japanese and traditional Chinese, in rows and in columns from the right', async () => {
    expect(await fixtureText('japanese-rows')).toBe('本日のおすすめ\nコーヒーとケーキ 680円');
    expect(await fixtureText('columns-japanese')).toBe('静かにしてください\n桜の花が咲きました\n営業時間');
    expect(await fixtureText('columns-chinese')).toBe('出入平安\n歡迎光臨臺北\n週年慶');
  });

  test('with their accents', async () => {
    expect(await fixtureText('accents-muller-backerei')).toBe('Müller Bäckerei');
    expect(await fixtureText('accents-strasse-12')).toBe('Straße 12');
  });

  test.each([
    ['wide-banner-1400x350', 'GRAND OPENING SATURDAY MORNING'],
    ['wide-banner-1920x400', 'WELCOME TO THE ANNUAL CONFERENCE'],
    ['banner-one-line-10-to-1', 'Emergency exit through the northern corridor only'],
    ['banner-under-3-to-1', 'Emergency exit through the northern corridor only'],
  ])('on a wide banner, none cut or doubled: %s', async (name, text) => {
    expect(await fixtureText(name)).toBe(text);
  });

  test('in white on transparency', async () => {
    expect(await fixtureText('white-text-on-transparent')).toBe('White on nothing');
  });

  test('in small print of a dark screenshot', async () => {
    expect(await fixtureText('dark-screenshot')).toBe(
      'Settings\nNotifications are off\nStorage almost full\nSign out of all devices\nLast backup yesterday at 21:40',
    );
  });

  test('in small print on a large photograph', async () => {
    const label = await drawn('words/no-parking').resize({ width: 260 }).toBuffer();
    const photo = sharp(PHOTO)
      .resize(3_000, 2_000)
      .composite([{ input: label, left: 1_900, top: 1_300 }]);
    expect(await textOf(sharp(await photo.png().toBuffer()))).toContain('NO PARKING\nDAY AND NIGHT');
  });

  test('in faint small print beside things as large as the image', async () => {
    const drawing = sharp(join(LABELLED, 'small-print-2.webp'));
    expect(await textOf(drawing)).toBe('四十度水洗\n雨天路滑减速慢行\n登机口九点关闭');
  });

  test('in a line longer than the recogniser takes, none cut or doubled', async () => {
    const word = await sharp(join(FIXTURES, 'banner-one-line-10-to-1.png')).trim().toBuffer();
    const { width = 0 } = await sharp(word).metadata();
    const tiles = [0, 1, 2, 3].map(i => ({ input: word, left: 20 + i * (width + 25), top: 25 }));
    const page = white(4 * (width + 25) + 20, 100).composite(tiles);
    const text = await textOf(sharp(await page.png().toBuffer()));
    expect(text).toBe(Array(4).fill('Emergency exit through the northern corridor only').join(' '));
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

describe('a script that the recogniser does not know', () => {
  test.each(['korean', 'cyrillic', 'arabic', 'thai'])(
    'is marked as unread, not read as Latin: %s',
    async name => {
      const { lines, text } = await readWords(await rgb(sharp(join(FIXTURES, `${name}.png`))));
      expect(text).toBe('');
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) expect(line).toMatchObject({ text: '', score: 0 });
    },
  );

  test('leaves the lines beside it to be read', async () => {
    const korean = await sharp(join(FIXTURES, 'korean.png')).toBuffer();
    const latin = await sharp(join(FIXTURES, 'accents-strasse-12.png'))
      .flatten({ background: '#fff' })
      .toBuffer();
    const both = white(600, 440).composite([
      { input: korean, left: 0, top: 0 },
      { input: latin, left: 0, top: 230 },
    ]);
    const { lines, text } = await readWords(await rgb(sharp(await both.png().toBuffer())));
    expect(text).toBe('Straße 12');
    expect(lines.filter(line => line.text === '').length).toBe(2);
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

    const cut = await reader(whole, stopAfter(1));
    expect(cut.error).toBe('ocr_timeout');
    expect(cut.lines.length).toBeLessThan(all.lines.length);
  });
});
