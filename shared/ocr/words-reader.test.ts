import { expect, test } from 'vitest';
import type { OcrEngine } from './ocr-engine.ts';
import type { RgbImage } from './rgb-image.ts';
import { stopAfter, wordsReader } from './words-reader.ts';

const encoder = {
  model: { name: 'words', fingerprint: '0', dimension: 2, languages: ['en'] },
  encodeText: async () => ({ vector: Float32Array.of(1, 0), parts: 1 }),
};

const blank = (width: number, height: number): RgbImage => ({
  data: new Uint8Array(width * height * 3),
  width,
  height,
});

const box = (x: number, y: number): [number, number][] => [
  [x, y],
  [x + 10, y],
  [x + 10, y + 10],
  [x, y + 10],
];

const nothing = { text: '', lines: [], stopped: false };
const engineOf = (read: OcrEngine['read']): OcrEngine => ({ read, close: async () => {} });

test('what was read before the limit is kept, and marked as incomplete', async () => {
  const lines = [{ text: 'first', box: box(0, 0), score: 1 }];
  const engine = engineOf(async (_, shouldStop) => ({ text: 'first', lines, stopped: shouldStop() }));

  const words = await wordsReader({ engine, encoder })(blank(50, 50), () => true);

  expect(words).toMatchObject({ text: 'first', lines, error: 'ocr_timeout' });
});

test('time in which others have the machine does not count', async () => {
  const stops = stopAfter(100);
  await new Promise(resolve => setTimeout(resolve, 300));
  expect(stops()).toBe(false);
  const began = process.cpuUsage();
  while (process.cpuUsage(began).user < 110_000);
  expect(stops()).toBe(true);
});

test('a large image is shrunk, and its boxes are where they were', async () => {
  const image = blank(4_000, 3_000);
  image.data.fill(255, (1_500 * 4_000 + 2_000) * 3, (1_500 * 4_000 + 2_000) * 3 + 600);
  let shown = 0;
  const alphas: (number | undefined)[] = [];
  const engine = engineOf(async ({ width, height, alpha }) => {
    shown = width * height;
    alphas.push(alpha?.length);
    return { text: 'x', lines: [{ text: 'x', box: box(width / 2, height / 2), score: 1 }], stopped: false };
  });

  const alpha = new Uint8Array(4_000 * 3_000);
  const words = await wordsReader({ engine, encoder })({ ...image, alpha });

  expect(alphas).toEqual([shown]);
  expect(shown).toBeLessThanOrEqual(6_010_000);
  const [x, y] = words.lines[0]?.box[0] ?? [0, 0];
  expect(Math.abs(x - 2_000)).toBeLessThanOrEqual(2);
  expect(Math.abs(y - 1_500)).toBeLessThanOrEqual(2);
});

test('an image without words has no embedding', async () => {
  expect(await wordsReader({ engine: engineOf(async () => nothing), encoder })(blank(50, 50))).toEqual({
    text: '',
    lines: [],
    embedding: null,
    error: null,
  });
});

test('lines that were only seen are kept and not embedded', async () => {
  const lines = [{ text: '', box: box(0, 0), score: 0 }];
  const encodeText = async (text: string) => {
    throw new Error(`embeds ${JSON.stringify(text)}`);
  };
  const engine = engineOf(async () => ({ ...nothing, lines }));
  const words = await wordsReader({ engine, encoder: { ...encoder, encodeText } })(blank(50, 50));
  expect(words).toEqual({ text: '', lines, embedding: null, error: null });
});

test('an image too small for letters is not read', async () => {
  let reads = 0;
  const engine = engineOf(async () => {
    reads++;
    return nothing;
  });
  expect((await wordsReader({ engine, encoder })(blank(1, 1))).text).toBe('');
  expect(reads).toBe(0);
});
