import type { OcrLine } from '../catalog/ocr-line.ts';
import { documentTerms, queryTerms } from '../ocr/bm25.ts';
import { phraseOf } from '../ocr/tokens.ts';
import { parseWordsQuery } from '../ocr/words-query.ts';
import type { Condition, Filter } from '../vectors/filter.ts';
import { both } from './filters.ts';

/** A search by the words in images: `"新年" sale -draft`. */
export type WordsSearch = {
  /** What ranks; '' when the words only narrow the search. */
  readonly ranking: string;
  /** What must, and must not, stand in the image. */
  readonly filter: Filter | undefined;
};

export function wordsSearch(words: string): WordsSearch {
  const { ranking, exact, without } = parseWordsQuery(words);
  return {
    ranking,
    filter: both(containing(exact), notContaining(without)),
  };
}

/**
 * Why words can't be searched for: there is no letter or digit in them, or they only leave images out. Null where
 * they can.
 */
export function wordsFault(words: string): 'signs' | 'exclusions' | null {
  if (phraseOf(words) === '') return 'signs';
  return phraseOf(parseWordsQuery(words).ranking) === '' ? 'exclusions' : null;
}

/** Images that bear each of these phrases, its words in sequence, case ignored. */
export const containing = (phrases: readonly string[]): Filter | undefined => {
  const must = conditions(phrases);
  return must.length === 0 ? undefined : { must };
};

const notContaining = (phrases: readonly string[]): Filter | undefined => {
  const mustNot = conditions(phrases);
  return mustNot.length === 0 ? undefined : { must_not: mustNot };
};

/** A phrase without any letter or digit asks for nothing. */
const conditions = (phrases: readonly string[]): Condition[] =>
  phrases.flatMap(text => {
    const phrase = phraseOf(text);
    return phrase === '' ? [] : [{ key: 'ocr_phrase', match: { phrase } }];
  });

/** The lines of an image that share a term with the words asked for. */
export function matchedLines(lines: readonly OcrLine[], words: string): OcrLine[] {
  const asked = new Set(queryTerms(words).indices);
  return lines.filter(line => documentTerms(line.text).indices.some(term => asked.has(term)));
}
