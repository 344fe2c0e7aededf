import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OcrEngine, RgbImage } from './ocr-engine.ts';
import { sectionsOf } from './sections.ts';
import { stopAfter, wordsReader } from './words-reader.ts';

const encoder = {
  model: { name: 'words', fingerprint: '0', dimension: 2, languages: ['en'] },
  encodeText: async () => Float32Array.of(1, 0),
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

/** An engine that finds a line wherever a pixel is white, and says which sizes it was shown. */
function markFinder(stoppedAfter = Number.POSITIVE_INFINITY) {
  const shown: [number, number][] = [];
  const engine: OcrEngine = {
    async read({ data, width, height }) {
      shown.push([width, height]);
      if (shown.length > stoppedAfter) return { text: '', lines: [], stopped: true };
      const lines = [];
      for (let i = 0; i < width * height; i++) {
        if (data[i * 3] === 255) {
          lines.push({ text: `mark ${lines.length}`, box: box(i % width, Math.floor(i / width)), score: 1 });
        }
      }
      return { text: lines.map(line => line.text).join('\n'), lines, stopped: false };
    },
    close: async () => {},
  };
  return { engine, shown };
}

describe('a long screenshot', () => {
  test('is read in sections, every line once and where it stands', async () => {
    const image = blank(100, 2_000);
    const marks = [0, 195, 215, 1_000, 1_985];
    for (const y of marks) image.data[(y * 100 + 5) * 3] = 255;
    const { engine, shown } = markFinder();

    const words = await wordsReader({ engine, encoder })(image);

    expect(shown.every(([, height]) => height <= 230)).toBe(true);
    expect(words.lines.map(line => line.box[0])).toEqual(marks.map(y => [5, y]));
  });

  test('keeps what was read before time ran out, and says so', async () => {
    const image = blank(100, 2_000);
    image.data[5 * 3] = 255;
    const { engine } = markFinder(3);

    const words = await wordsReader({ engine, encoder })(image);

    expect(words).toMatchObject({ text: 'mark 0', error: 'ocr_timeout' });
  });
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
  const engine: OcrEngine = {
    read: async ({ width, height }) => {
      shown = width * height;
      return {
        text: 'x',
        lines: [{ text: 'x', box: box(width / 2, height / 2), score: 1 }],
        stopped: false,
      };
    },
    close: async () => {},
  };

  const words = await wordsReader({ engine, encoder })(image);

  expect(shown).toBeLessThanOrEqual(6_010_000);
  const [x, y] = words.lines[0]?.box[0] ?? [0, 0];
  expect(Math.abs(x - 2_000)).toBeLessThanOrEqual(2);
  expect(Math.abs(y - 1_500)).toBeLessThanOrEqual(2);
});

test('an image without words has no embedding', async () => {
  expect(await wordsReader({ engine: markFinder().engine, encoder })(blank(50, 50))).toEqual({
    text: '',
    lines: [],
    embedding: null,
    error: null,
  });
});

test('an image too small for letters is not read', async () => {
  const { engine, shown } = markFinder();
  expect((await wordsReader({ engine, encoder })(blank(1, 1))).text).toBe('');
  expect(shown).toEqual([]);
});

test('cores tile the long edge and lie within their sections', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 60_000 }), (a, b) => {
      const [short, long] = [Math.min(a, b), Math.max(a, b)];
      fc.pre(long / short < 3_000);
      const sections = sectionsOf(long, short);
      expect(sections[0]?.coreStart).toBe(0);
      expect(sections.at(-1)?.coreEnd).toBe(long);
      for (const [i, section] of sections.entries()) {
        expect(section.coreStart).toBe(sections[i - 1]?.coreEnd ?? 0);
        expect(section.start).toBeLessThanOrEqual(section.coreStart);
        expect(section.end).toBeGreaterThanOrEqual(section.coreEnd);
      }
    }),
  );
});
