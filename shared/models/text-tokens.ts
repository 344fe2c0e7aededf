import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { SemblanceError } from '../errors.ts';
import {
  type ModelLayout,
  parseLayoutFile,
  readModelJson,
  TOKENIZER_CONFIG_FILE,
  TOKENIZER_FILE,
} from './model-folder.ts';

/** Token ids that a text tower takes, special tokens included. */
export type TokenizeText = (text: string) => number[];

/**
 * Characters of a text that are looked at. No tower takes more than 77 tokens, and real words fill them in a
 * few hundred characters; without a bound a pasted book would be tokenized whole.
 */
const MAX_CHARACTERS = 10_000;

const specialToken = z
  .union([z.string(), z.looseObject({ content: z.string() }).transform(token => token.content)])
  .nullish();

const tokenizerConfigSchema = z.looseObject({ eos_token: specialToken, pad_token: specialToken });

/**
 * NFC, trimmed.
 * @throws empty_query when nothing is left
 */
export function cleanText(text: string): string {
  const clean = text.normalize('NFC').trim();
  if (clean === '') throw new SemblanceError('empty_query', 'The query is empty');
  return clean.slice(0, MAX_CHARACTERS).toWellFormed();
}

/**
 * Reads a model's tokenizer. It gives at most `layout.maxTokens` ids, the last of them always the end token.
 * @throws model_missing, model_corrupt, model_unsupported
 */
export async function openTokenizer(
  folder: string,
  layout: Pick<ModelLayout, 'type' | 'maxTokens'>,
): Promise<TokenizeText> {
  const json = parseLayoutFile(
    z.looseObject({}),
    TOKENIZER_FILE,
    await readModelJson(folder, TOKENIZER_FILE),
  );
  const configJson = await readModelJson(folder, TOKENIZER_CONFIG_FILE);
  const config = parseLayoutFile(tokenizerConfigSchema, TOKENIZER_CONFIG_FILE, configJson);
  let tokenizer: Tokenizer;
  try {
    tokenizer = new Tokenizer(json, config);
  } catch (cause) {
    throw new SemblanceError('model_unsupported', `${TOKENIZER_FILE} is of a kind that can't be read`, {
      cause,
    });
  }
  if (layout.type === 'clip') return clipTokens(tokenizer, layout.maxTokens);
  return siglipTokens(tokenizer, layout.maxTokens, {
    end: tokenId(tokenizer, config.eos_token ?? '</s>'),
    pad: tokenId(tokenizer, config.pad_token ?? '</s>'),
  });
}

/** CLIP: start and end token as tokenizer.json says, no padding; the tower pools at the end token. */
export const clipTokens =
  (tokenizer: Pick<Tokenizer, 'encode'>, maxTokens: number): TokenizeText =>
  text => {
    const { ids } = tokenizer.encode(text);
    return ids.length <= maxTokens ? ids : [...ids.slice(0, maxTokens - 1), ...ids.slice(-1)];
  };

/**
 * SigLIP: lower case, no start token, an end token, padded to the full length. The towers were trained on
 * padded text and pool at its last place, so the padding is part of what they read
 * (big_vision's `tokenize(..., eos='sticky')`; transformers' Siglip2Tokenizer).
 */
export const siglipTokens =
  (
    tokenizer: Pick<Tokenizer, 'encode'>,
    maxTokens: number,
    special: { readonly end: number; readonly pad: number },
  ): TokenizeText =>
  text => {
    const words = tokenizer.encode(text.toLowerCase(), { add_special_tokens: false }).ids;
    const ids = [...words.slice(0, maxTokens - 1), special.end];
    return [...ids, ...Array<number>(maxTokens - ids.length).fill(special.pad)];
  };

function tokenId(tokenizer: Tokenizer, token: string): number {
  const id = tokenizer.token_to_id(token);
  if (id !== undefined) return id;
  throw new SemblanceError('model_unsupported', `${TOKENIZER_FILE} has no token ${token}`);
}
