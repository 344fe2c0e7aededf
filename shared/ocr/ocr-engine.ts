import type { OcrLine } from '../catalog/ocr-line.ts';
import { openOnce } from '../open-once.ts';
import { groundsOf, type TransparentImage } from './grounds.ts';
import { readImage } from './image-reading.ts';
import { cornersOf, type Rectangle } from './min-area-rectangle.ts';
import { type OcrModels, openOcrModels } from './ocr-models.ts';
import type { ReadLine } from './read-line.ts';
import { mergeReadings } from './reading.ts';
import { rowsInReadingOrder } from './reading-order.ts';

/** Reads the words in an image. */
export interface OcrEngine {
  /** @param shouldStop asked between steps, each of which takes well under a second; true ends the reading */
  read(image: TransparentImage, shouldStop: () => boolean): Promise<OcrReading>;
  close(): Promise<void>;
}

export type OcrReading = {
  /** Lines in reading order, separated by newlines; '' when there are no words. */
  readonly text: string;
  /** In reading order; boxes in px of the image as it was given. One that was seen but not read has text ''. */
  readonly lines: readonly OcrLine[];
  /** True when shouldStop ended the reading; what was read until then is there. */
  readonly stopped: boolean;
};

/**
 * Opens PP-OCRv6 (small), loaded with the first image.
 * @param threads intra-op threads of each session; 1 where images are read in parallel by workers
 */
export function openOcrEngine(threads: number): OcrEngine {
  let open: OcrModels | undefined;
  const models = openOnce(async () => {
    open = await openOcrModels(threads);
    return open;
  });

  return {
    async read(image, shouldStop) {
      const opened = await models();
      const readings = [];
      for (const ground of groundsOf(image)) readings.push(await readImage(opened, ground, shouldStop));
      const { lines, unread, stopped } = mergeReadings(readings);
      const rows = rowsInReadingOrder(lines);
      return {
        text: rows.map(row => row.map(line => line.text).join(' ')).join('\n'),
        lines: [...rows.flat().map(toOcrLine), ...unread.map(unreadLine)],
        stopped,
      };
    },
    async close() {
      await open?.close();
    },
  };
}

const toOcrLine = ({ text, score, rectangle }: ReadLine): OcrLine => ({ text, score, box: boxOf(rectangle) });

const unreadLine = (rectangle: Rectangle): OcrLine => ({ text: '', score: 0, box: boxOf(rectangle) });

const boxOf = (rectangle: Rectangle): OcrLine['box'] =>
  cornersOf(rectangle).map(([x, y]) => [Math.round(x), Math.round(y)]);
