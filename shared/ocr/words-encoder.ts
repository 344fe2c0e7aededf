import { SemblanceError } from '../errors.ts';
import type { TextEncoder } from '../models/encoder.ts';
import { cleanText } from '../models/text-tokens.ts';
import { int64Row, openTokenizer, openTower } from '../models/tower.ts';
import { meanOf, toUnitLength } from '../models/unit-length.ts';
import { readWordsModel } from './words-model.ts';

/** Tokens a run, without start and end: the model was trained on texts of up to 96. */
const WINDOW = 94;
/** Tokens that neighbouring windows share, so that no sentence is only ever seen cut. */
const OVERLAP = 16;
/** Windows a text at the most; a page of dense text has about 2,000 tokens. */
const MAX_WINDOWS = 24;

/**
 * Opens the model that embeds words read in images, and queries for them alike: the mean over the tokens, unit
 * length. Its tokenizer folds width and case.
 * A text longer than a window gets the mean of its windows' vectors, each weighted by its tokens.
 * @param folder the model's files in the layout of transformers.js
 * @param threads intra-op threads; undefined: the machine's cores
 * @throws model_missing, model_corrupt
 */
export async function openWordsEncoder(
  folder: string,
  threads?: number,
): Promise<TextEncoder & { close(): Promise<void> }> {
  const info = await readWordsModel(folder);
  const tokenizer = await openTokenizer(folder);
  const tower = await openTower('bert', folder, { threads });

  const embedWindow = async (ids: readonly number[]): Promise<Float32Array> => {
    const feeds = {
      input_ids: int64Row(ids),
      attention_mask: int64Row(ids.map(() => 1)),
      token_type_ids: int64Row(ids.map(() => 0)),
    };
    return toUnitLength(await tower.run(feeds));
  };

  const [start, end] = tokenizer.encode('');
  if (start === undefined || end === undefined)
    throw new SemblanceError('model_corrupt', `${folder} has a tokenizer without start and end tokens`);

  return {
    model: info,
    async encodeText(text) {
      const ids = tokenizer.encode(cleanText(text), { add_special_tokens: false });
      const parts = [];
      for (const window of windowsOf(ids))
        parts.push({ vector: await embedWindow([start, ...window, end]), weight: window.length });
      return { vector: meanOf(parts), parts: parts.length };
    },
    close: () => tower.close(),
  };
}

/** Overlapping windows that together hold every token, up to MAX_WINDOWS; one empty window of none. */
export function windowsOf(ids: readonly number[]): number[][] {
  const starts = [0];
  const step = WINDOW - OVERLAP;
  for (let start = step; start + OVERLAP < ids.length && starts.length < MAX_WINDOWS; start += step) {
    starts.push(start);
  }
  return starts.map(start => ids.slice(start, start + WINDOW));
}
