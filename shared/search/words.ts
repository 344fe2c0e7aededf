import type { OcrLine } from '../catalog/ocr-line.ts';
import { WORDS_VERSION } from '../catalog/words-version.ts';
import { documentTerms, queryTerms } from '../ocr/bm25.ts';
import { lettersOfPart, phraseOf } from '../ocr/tokens.ts';
import { parseWordsQuery, type Sequence } from '../ocr/words-query.ts';
import type { Condition, Filter } from '../vectors/filter.ts';
import { both } from './filters.ts';

/** A search by the words in images: `"新年" sale -draft *tation*`. */
export type WordsSearch = {
  /** What ranks; '' when the words only narrow the search. */
  readonly ranking: string;
  /** What must, and must not, be in the image. */
  readonly filter: Filter | undefined;
  /** Whether something must: then what the filter lets through is found, whatever it means. */
  readonly certain: boolean;
};

export function wordsSearch(words: string): WordsSearch {
  const { ranking, exact, without } = parseWordsQuery(words);
  const must = conditions(exact);
  const mustNot = conditions(without);
  return {
    ranking,
    filter: both(
      must.length > 0 ? { must } : undefined,
      mustNot.length > 0 ? { must_not: mustNot } : undefined,
    ),
    certain: must.length > 0,
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

/** Images that contain this phrase, its words in sequence. */
export const containing = (text: string): Filter | undefined => {
  const must = conditions([{ text, openStart: false, openEnd: false }]);
  return must.length === 0 ? undefined : { must };
};

/** A sequence without any letter or digit asks for nothing. */
const conditions = (sequences: readonly Sequence[]): Condition[] =>
  sequences.flatMap(({ text, openStart, openEnd }) => {
    if (phraseOf(text) === '') return [];
    if (!openStart && !openEnd) return [{ key: 'ocr_phrase', match: { phrase: phraseOf(text) } }];
    const phrase = lettersOfPart(text, { start: openStart, end: openEnd });
    return [{ key: 'ocr_letters', match: { phrase } }];
  });

/** Images whose words were not read by the current version, without those whose words are not to be read. */
export const WORDS_TO_READ: Filter = {
  must_not: [
    { key: 'words_version', match: { value: WORDS_VERSION } },
    { key: 'skip_ocr', match: { value: true } },
  ],
};

/** The lines of an image that share a term with the words of the search. */
export function matchedLines(lines: readonly OcrLine[], words: string): OcrLine[] {
  const asked = new Set(queryTerms(words).indices);
  return lines.filter(line => documentTerms(line.text).indices.some(term => asked.has(term)));
}
