import type { ModelInfo } from '../models/encoder.ts';

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
];

/**
 * A sentence for the person who asks in a script that the model never learned, naming the model that knows it;
 * null when there is nothing to say. Latin letters give no language away.
 */
export function languageNotice(
  texts: readonly string[],
  model: Pick<ModelInfo, 'name' | 'languages'>,
  others: readonly KnownModel[],
): string | null {
  const letters = texts.join(' ');
  const asked = SCRIPTS.find(({ script }) => script.test(letters));
  if (!asked || knows(model, asked.languages)) return null;
  const better = others.find(other => other.name !== model.name && knows(other, asked.languages));
  const remedy = better
    ? `set SEMBLANCE_MODEL to ${better.name}, which knows it`
    : 'use words of a language it knows';
  return `The model ${model.name} does not know ${asked.name}, so these results may be poor: ${remedy}.`;
}

const knows = (model: KnownModel, languages: readonly string[]): boolean =>
  model.languages.includes('*') || languages.some(language => model.languages.includes(language));
