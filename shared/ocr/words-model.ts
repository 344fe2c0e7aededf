import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { TextModelInfo } from '../models/encoder.ts';
import { CONFIG_FILE, parseLayoutFile, readModelJson } from '../models/model-folder.ts';

/** Where the bundled encoder of words lies, below the folder that holds all bundled models. */
export const WORDS_MODEL = 'semblance-words-v1';

const configSchema = z.looseObject({ hidden_size: z.number().int().positive() });

/**
 * What the words model's own files say of it; its dimension shapes the collection even while OCR is off.
 * @throws model_missing, model_corrupt
 */
export async function readWordsModel(folder: string): Promise<TextModelInfo> {
  const config = parseLayoutFile(configSchema, CONFIG_FILE, await readModelJson(folder, CONFIG_FILE));
  return {
    name: WORDS_MODEL,
    fingerprint: createHash('sha256').update(`${WORDS_MODEL} q8 1`).digest('hex').slice(0, 12),
    dimension: config.hidden_size,
    languages: ['en', 'zh'],
  };
}
