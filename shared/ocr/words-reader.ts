import sharp from 'sharp';
import type { WordsInImage } from '../catalog/image-description.ts';
import type { OcrLine } from '../catalog/ocr-line.ts';
import { cpuTime } from '../cpu-time.ts';
import type { TextEncoder } from '../models/encoder.ts';
import type { TransparentImage } from './grounds.ts';
import type { OcrEngine } from './ocr-engine.ts';

/**
 * CPU time that reading one image's words may take where the caller says nothing else, ms. A screenshot of
 * 150 lines takes half of it.
 */
const TIME_LIMIT = 8_000;

/** Larger images are shrunk first: recognition works on lines 48 px high, and memory stays bounded. */
const MAX_PIXELS = 6_000_000;

/** Shorter edges hold no legible line. */
const MIN_EDGE = 8;

const NO_WORDS: WordsInImage = { text: '', lines: [], embedding: null, error: null };

export type WordsReaderOptions = {
  readonly engine: OcrEngine;
  readonly encoder: TextEncoder;
};

/**
 * True once this process has used so many ms of CPU time: on a machine that is busy with other work an image gets
 * as much of it as on a quiet one.
 */
export function stopAfter(milliseconds: number): () => boolean {
  const deadline = cpuTime() + milliseconds;
  return () => cpuTime() > deadline;
}

/**
 * Reads an image's words and embeds them. What was read before `shouldStop` returned true is kept and
 * marked `ocr_timeout`; an image without words has text '' and no embedding.
 */
export const wordsReader =
  ({ engine, encoder }: WordsReaderOptions) =>
  async (whole: TransparentImage, shouldStop = stopAfter(TIME_LIMIT)): Promise<WordsInImage> => {
    if (Math.min(whole.width, whole.height) < MIN_EDGE) return NO_WORDS;
    const scale = Math.min(1, Math.sqrt(MAX_PIXELS / (whole.width * whole.height)));
    const image = scale < 1 ? await shrink(whole, scale) : whole;
    const reading = await engine.read(image, shouldStop);
    return {
      text: reading.text,
      lines: reading.lines.map(line => scaled(line, 1 / scale)),
      embedding: reading.text === '' ? null : (await encoder.encodeText(reading.text)).vector,
      error: reading.stopped ? 'ocr_timeout' : null,
    };
  };

async function shrink({ data, width, height, alpha }: TransparentImage, scale: number) {
  const size = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  const resize = (samples: Uint8Array, channels: 1 | 3): Promise<Uint8Array> =>
    sharp(samples, { raw: { width, height, channels } })
      .resize({ ...size, fit: 'fill' })
      // One channel would come back as three.
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw()
      .toBuffer();
  return { ...size, data: await resize(data, 3), alpha: alpha ? await resize(alpha, 1) : null };
}

const scaled = (line: OcrLine, factor: number): OcrLine =>
  factor === 1
    ? line
    : {
        ...line,
        box: line.box.map(([x, y]): [number, number] => [Math.round(x * factor), Math.round(y * factor)]),
      };
