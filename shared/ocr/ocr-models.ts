import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { SemblanceError } from '../errors.ts';
import { WEIGHTS_APART } from '../models/session-options.ts';

/** The folder of the models that read words, below that of all bundled models. */
export const OCR_MODEL = 'pp-ocrv6-small';

/** In the sources and in the tree for Lambda alike, where every bundle lies two folders below the root. */
const FOLDER = join(import.meta.dirname, '../../models', OCR_MODEL);

/** Their files and SHA-256. */
export const OCR_FILES = {
  'det.onnx': '090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f',
  'rec.onnx': '6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884',
  'characters.txt': 'b5f2bfe2bdd9448429e3e82b51c789775d9b42f2403d082b00662eb77e401c5d',
  LICENSE: '7c2c439ee3029142f47ce0730511b34a15d973a81f709cea41aca7ca61d012b4',
} as const;

export type OcrModels = {
  readonly detection: ort.InferenceSession;
  readonly recognition: ort.InferenceSession;
  /** What each class of the recogniser's output stands for; '' for CTC's blank. */
  readonly classes: readonly string[];
  close(): Promise<void>;
};

/**
 * Opens the models that find and read lines.
 * @param threads intra-op threads of each session
 * @throws model_missing; model_corrupt when a file is not the one that is known
 */
export async function openOcrModels(threads: number, folder = FOLDER): Promise<OcrModels> {
  const open = async (file: keyof typeof OCR_FILES): Promise<ort.InferenceSession> =>
    ort.InferenceSession.create(await readVerified(folder, file), {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // Sizes differ from line to line, and a pattern kept for each costs half as much memory again.
      enableMemPattern: false,
      extra: { session: WEIGHTS_APART },
    });
  const characters = new TextDecoder().decode(await readVerified(folder, 'characters.txt'));
  const detection = await open('det.onnx');
  const recognition = await open('rec.onnx');
  return {
    detection,
    recognition,
    // CTC's blank stands first and the space last, as the models were trained.
    classes: ['', ...characters.trimEnd().split('\n'), ' '],
    async close() {
      await detection.release();
      await recognition.release();
    },
  };
}

async function readVerified(folder: string, file: keyof typeof OCR_FILES): Promise<Uint8Array> {
  const path = join(folder, file);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new SemblanceError('model_missing', `${path} could not be read`, { cause });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === OCR_FILES[file]) return bytes;
  throw new SemblanceError('model_corrupt', `${path} has SHA-256 ${sha256}, not ${OCR_FILES[file]}`);
}
