/**
 * The syntax of searches by words: `"新年快乐" sale -draft`. Quotes: exactly this sequence. Minus: images
 * without it. The rest ranks.
 */
export type WordsQuery = {
  /** What ranks by meaning and by BM25: everything but what is excluded, quotes taken off. */
  readonly ranking: string;
  readonly exact: readonly string[];
  readonly without: readonly string[];
};

/** An opening quote of any kind people type, up to its partner or the end; or a run without spaces. */
const PART = /([-−－]?)(?:["“”„«「『]([^"“”«»」』]*)["“”»」』]?|(\S+))/gu;

/** Never fails: an unclosed quote reaches to the end, a lone minus is a word like any other. */
export function parseWordsQuery(text: string): WordsQuery {
  const ranking: string[] = [];
  const exact: string[] = [];
  const without: string[] = [];
  for (const [whole, minus, quoted, bare] of text.normalize('NFC').matchAll(PART)) {
    const words = (quoted ?? bare ?? '').trim();
    if (words === '') continue;
    if (minus) without.push(words);
    else {
      ranking.push(quoted === undefined ? whole : words);
      if (quoted !== undefined) exact.push(words);
    }
  }
  return { ranking: ranking.join(' '), exact, without };
}
