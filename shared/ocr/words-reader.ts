import sharp from 'sharp';
import type { WordsInImage } from '../catalog/image-description.ts';
import type { OcrLine } from '../catalog/ocr-line.ts';
import { cpuTime } from '../cpu-time.ts';
import type { TextEncoder } from '../models/encoder.ts';
import type { OcrEngine, OcrReading, RgbImage } from './ocr-engine.ts';
import { type Section, sectionsOf } from './sections.ts';

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
 * Reads an image's words and embeds them. What was read before `shouldStop` said so is kept and
 * marked `ocr_timeout`; an image without words has text '' and no embedding.
 */
export const wordsReader =
  ({ engine, encoder }: WordsReaderOptions) =>
  async (whole: RgbImage, shouldStop = stopAfter(TIME_LIMIT)): Promise<WordsInImage> => {
    if (Math.min(whole.width, whole.height) < MIN_EDGE) return NO_WORDS;
    const scale = Math.min(1, Math.sqrt(MAX_PIXELS / (whole.width * whole.height)));
    const image = scale < 1 ? await shrink(whole, scale) : whole;
    const vertical = image.height >= image.width;
    const readings: OcrReading[] = [];
    for (const section of sectionsOf(
      Math.max(image.width, image.height),
      Math.min(image.width, image.height),
    )) {
      const cut = cutSection(image, section, vertical);
      const reading = await engine.read(cut, shouldStop);
      readings.push(placed(reading, section, vertical));
      if (reading.stopped) break;
    }
    const text = readings
      .map(reading => reading.text)
      .filter(part => part !== '')
      .join('\n');
    return {
      text,
      lines: readings.flatMap(reading => reading.lines).map(line => scaled(line, 1 / scale)),
      embedding: text === '' ? null : await encoder.encodeText(text),
      error: readings.some(reading => reading.stopped) ? 'ocr_timeout' : null,
    };
  };

async function shrink({ data, width, height }: RgbImage, scale: number): Promise<RgbImage> {
  const { data: shrunk, info } = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)), { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: shrunk, width: info.width, height: info.height };
}

function cutSection(image: RgbImage, { start, end }: Section, vertical: boolean): RgbImage {
  const row = image.width * 3;
  if (vertical) {
    return { data: image.data.subarray(start * row, end * row), width: image.width, height: end - start };
  }
  if (end - start === image.width) return image;
  const cut = new Uint8Array((end - start) * 3 * image.height);
  for (let y = 0; y < image.height; y++) {
    cut.set(image.data.subarray(y * row + start * 3, y * row + end * 3), y * (end - start) * 3);
  }
  return { data: cut, width: end - start, height: image.height };
}

/** The reading's lines in the whole image's coordinates, without those whose centre another core holds. */
function placed(reading: OcrReading, section: Section, vertical: boolean): OcrReading {
  const axis = vertical ? 1 : 0;
  const lines = reading.lines
    .map(line => ({
      ...line,
      box: line.box.map(([x, y]): [number, number] =>
        vertical ? [x, y + section.start] : [x + section.start, y],
      ),
    }))
    .filter(({ box }) => {
      const centre = box.reduce((sum, corner) => sum + corner[axis], 0) / box.length;
      return centre >= section.coreStart && centre < section.coreEnd;
    });
  const whole = lines.length === reading.lines.length;
  return { ...reading, lines, text: whole ? reading.text : lines.map(line => line.text).join('\n') };
}

const scaled = (line: OcrLine, factor: number): OcrLine =>
  factor === 1
    ? line
    : {
        ...line,
        box: line.box.map(([x, y]): [number, number] => [Math.round(x * factor), Math.round(y * factor)]),
      };
