import type { ModelInfo } from '../models/encoder.ts';
import type { Notice } from './notices.ts';

/** A model that can be had, and what it knows. */
export type KnownModel = Pick<ModelInfo, 'name' | 'languages'>;

/** Scripts that give a language away, with the BCP 47 subtags they may stand for. */
const SCRIPTS: readonly {
  readonly script: RegExp;
  readonly languages: readonly string[];
  readonly name: string;
}[] = [
  { script: /[\p{scx=Hiragana}\p{scx=Katakana}]/u, languages: ['ja'], name: 'Japanese' },
  { script: /\p{sc=Hangul}/u, languages: ['ko'], name: 'Korean' },
  { script: /\p{sc=Han}/u, languages: ['zh', 'ja'], name: 'Chinese' },
  { script: /\p{sc=Cyrillic}/u, languages: ['ru', 'uk', 'bg', 'sr'], name: 'Russian' },
  { script: /\p{sc=Greek}/u, languages: ['el'], name: 'Greek' },
  { script: /\p{sc=Arabic}/u, languages: ['ar', 'fa', 'ur'], name: 'Arabic' },
  { script: /\p{sc=Hebrew}/u, languages: ['he'], name: 'Hebrew' },
  { script: /\p{sc=Devanagari}/u, languages: ['hi', 'mr', 'ne'], name: 'Hindi' },
  { script: /\p{sc=Thai}/u, languages: ['th'], name: 'Thai' },
  { script: /\p{sc=Bengali}/u, languages: ['bn', 'as'], name: 'Bengali' },
  { script: /\p{sc=Gurmukhi}/u, languages: ['pa'], name: 'Punjabi' },
  { script: /\p{sc=Gujarati}/u, languages: ['gu'], name: 'Gujarati' },
  { script: /\p{sc=Tamil}/u, languages: ['ta'], name: 'Tamil' },
  { script: /\p{sc=Telugu}/u, languages: ['te'], name: 'Telugu' },
  { script: /\p{sc=Kannada}/u, languages: ['kn'], name: 'Kannada' },
  { script: /\p{sc=Malayalam}/u, languages: ['ml'], name: 'Malayalam' },
  { script: /\p{sc=Sinhala}/u, languages: ['si'], name: 'Sinhala' },
  { script: /\p{sc=Lao}/u, languages: ['lo'], name: 'Lao' },
  { script: /\p{sc=Khmer}/u, languages: ['km'], name: 'Khmer' },
  { script: /\p{sc=Myanmar}/u, languages: ['my'], name: 'Burmese' },
  { script: /\p{sc=Tibetan}/u, languages: ['bo', 'dz'], name: 'Tibetan' },
  { script: /\p{sc=Georgian}/u, languages: ['ka'], name: 'Georgian' },
  { script: /\p{sc=Armenian}/u, languages: ['hy'], name: 'Armenian' },
  { script: /\p{sc=Ethiopic}/u, languages: ['am', 'ti'], name: 'Amharic' },
  // Letters of any other script.
  { script: /(?![\p{sc=Latin}\p{sc=Common}\p{sc=Inherited}])\p{L}/u, languages: [], name: 'this script' },
];

/**
 * That a search is in a script that the model never learned, and the model that knows it; null when there is nothing
 * to say. Latin letters give no language away.
 */
export function unknownLanguage(
  texts: readonly string[],
  model: Pick<ModelInfo, 'name' | 'languages'>,
  others: readonly KnownModel[],
): Extract<Notice, { code: 'language_unknown' }> | null {
  const letters = texts.join(' ');
  const asked = SCRIPTS.find(({ script }) => script.test(letters));
  if (!asked || knows(model, asked.languages)) return null;
  const better = others.find(other => other.name !== model.name && knows(other, asked.languages));
  return {
    code: 'language_unknown',
    model: model.name,
    language: asked.languages[0] ?? null,
    language_name: asked.name,
    better_model: better?.name ?? null,
  };
}

const knows = (model: KnownModel, languages: readonly string[]): boolean =>
  model.languages.includes('*') || languages.some(language => model.languages.includes(language));
