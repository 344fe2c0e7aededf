import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openTokenizer } from '../models/tower.ts';
import { openWordsEncoder, windowsOf } from './words-encoder.ts';

const FOLDER = new URL('../../models/semblance-words-v1/', import.meta.url).pathname;

const golden = z
  .object({
    texts: z.array(z.object({ text: z.string(), ids: z.array(z.number()), vector: z.array(z.number()) })),
  })
  .parse(
    JSON.parse(
      await readFile(new URL('../../tests/golden/words/semblance-words-v1.json', import.meta.url), 'utf8'),
    ),
  ).texts;

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x, (component, i) => component * (y[i] ?? 0)).reduce((sum, part) => sum + part, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

describe('the words encoder', () => {
  let encoder: Awaited<ReturnType<typeof openWordsEncoder>>;
  beforeAll(async () => {
    encoder = await openWordsEncoder(FOLDER, 1);
  });
  afterAll(() => encoder.close());
  const vectorOf = async (text: string) => (await encoder.encodeText(text)).vector;

  test('gives the token ids of the Python runtime', async () => {
    const tokenizer = await openTokenizer(FOLDER);
    for (const { text, ids } of golden) expect(tokenizer.encode(text)).toEqual(ids);
  });

  test.each(golden.filter(({ text }) => text.trim() !== ''))(
    'gives the vector of the Python runtime for $text',
    async ({ text, vector }) => {
      const embedding = await vectorOf(text);
      expect(cosine(embedding, vector)).toBeGreaterThanOrEqual(0.999);
      expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
    },
  );

  test('treats capitals as small letters', async () => {
    const [a, b] = await Promise.all(['SALE 50% OFF', 'sale 50% off'].map(vectorOf));
    expect(cosine(a ?? [], b ?? [])).toBeCloseTo(1, 5);
  });

  test.each([
    ['happy new year', '新年快乐', '今天的会议取消了'],
    ['不许抽烟', 'No smoking', 'Open from 8 to 5'],
    ['missing pet', 'LOST CAT, please call 555 0142', 'Farmers market every Saturday'],
    ['火車票', '车票 北京 上海', '餐厅今日菜单'],
  ])('finds what means %s nearer than another text, by a margin', async (query, right, wrong) => {
    const [a, b, c] = await Promise.all([query, right, wrong].map(vectorOf));
    expect(cosine(a ?? [], b ?? [])).toBeGreaterThan(cosine(a ?? [], c ?? []) + 0.2);
  });

  test('a long text is still about what it says', async () => {
    const long = await encoder.encodeText('禁止吸烟 '.repeat(400));
    expect(long.parts).toBeGreaterThan(1);
    expect(Math.hypot(...long.vector)).toBeCloseTo(1, 5);
    expect(cosine(long.vector, await vectorOf('禁止吸烟'))).toBeGreaterThan(0.6);
  });

  test('rejects an empty text', async () => {
    await expect(encoder.encodeText('  ')).rejects.toMatchObject({ code: 'empty_query' });
  });

  test('says which model is missing', async () => {
    await expect(openWordsEncoder('/nowhere/words')).rejects.toMatchObject({ code: 'model_missing' });
  });
});

test('windows hold every token in order and never more than the model takes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1800 }), length => {
      const ids = Array.from({ length }, (_, i) => i);
      const windows = windowsOf(ids);
      expect(windows.every(window => window.length <= 94)).toBe(true);
      expect([...new Set(windows.flat())]).toEqual(ids);
    }),
  );
});
