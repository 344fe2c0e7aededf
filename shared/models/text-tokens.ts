import { SemblanceError } from '../errors.ts';
import { type ModelLayout, TOKENIZER_FILE } from './model-folder.ts';
import { openTokenizer } from './tower.ts';

/** How a text tower's tokenizer is used. */
export type TextTokens = (text: string) => {
  /** What the tower takes, special tokens included; cut at its limit. */
  readonly ids: readonly number[];
  /** Whether that is the whole text. */
  readonly isWhole: boolean;
};

/** The part of a transformers.js tokenizer that is used. */
type Encode = { encode(text: string, options?: { add_special_tokens?: boolean }): number[] };

/**
 * Characters of a text that are looked at. No tower takes more than 77 tokens, and real words fill them in a
 * few hundred characters; without a bound a pasted book would be tokenized whole.
 */
const MAX_CHARACTERS = 10_000;

/**
 * NFC, trimmed.
 * @throws empty_query when nothing is left
 */
export function cleanText(text: string): string {
  const clean = text.toWellFormed().normalize('NFC').trim();
  if (clean === '') throw new SemblanceError('empty_query', 'The query is empty');
  return clean.slice(0, MAX_CHARACTERS);
}

/**
 * Reads a text tower's tokenizer. It gives at most `layout.maxTokens` ids, the last of them always the end
 * token.
 * @throws model_missing, model_corrupt, model_unsupported
 */
export async function openTextTokens(
  folder: string,
  layout: Pick<ModelLayout, 'type' | 'maxTokens'>,
): Promise<TextTokens> {
  const tokenizer = await openTokenizer(folder);
  if (layout.type === 'clip') return clipTokens(tokenizer, layout.maxTokens);
  const { eos_token_id: end, pad_token_id: pad } = tokenizer;
  if (end === undefined || pad === undefined) {
    throw new SemblanceError('model_unsupported', `${TOKENIZER_FILE} has no end or padding token`);
  }
  return siglipTokens(tokenizer, layout.maxTokens, { end, pad });
}

/** CLIP: start and end token as tokenizer.json says, no padding; the tower pools at the end token. */
const clipTokens =
  (tokenizer: Encode, maxTokens: number): TextTokens =>
  text => {
    const ids = tokenizer.encode(text);
    const isWhole = ids.length <= maxTokens;
    return { ids: isWhole ? ids : [...ids.slice(0, maxTokens - 1), ...ids.slice(-1)], isWhole };
  };

/**
 * SigLIP: lower case, no start token, an end token, padded to the full length. The towers were trained on
 * padded text and pool at its last place, so the padding is part of what they read
 * (big_vision's `tokenize(..., eos='sticky')`; transformers' Siglip2Tokenizer).
 */
const siglipTokens =
  (
    tokenizer: Encode,
    maxTokens: number,
    special: { readonly end: number; readonly pad: number },
  ): TextTokens =>
  text => {
    const words = tokenizer.encode(text.toLowerCase(), { add_special_tokens: false });
    const ids = [...words.slice(0, maxTokens - 1), special.end];
    const padding = Array<number>(maxTokens - ids.length).fill(special.pad);
    return { ids: [...ids, ...padding], isWhole: words.length < maxTokens };
  };
