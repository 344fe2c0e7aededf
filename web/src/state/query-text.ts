/** The parsed text of a search. */
export type ParsedQuery = {
  /** What the image should show. */
  readonly meaning: string;
  /** What it should not show. */
  readonly without: readonly string[];
  /** Words written in it, in the syntax of POST /search/query: quotes = exact, minus = without. */
  readonly words: string;
};

const TOKEN =
  /(?<![^\s])(?<minus>[-−–])?(?:["“”„「『](?<quoted>[^"“”„「」『』]+)["“”」』]|(?<plain>[^\s]+))/gu;

/**
 * `dog on a beach -cat "happy new year"`: shows a dog on a beach, shows no cat, contains exactly these words.
 * A lone minus or an unclosed quote is taken literally, so that half-typed queries still search.
 */
export function parseQueryText(text: string): ParsedQuery {
  const meaning: string[] = [];
  const without: string[] = [];
  const words: string[] = [];
  for (const { groups } of text.matchAll(TOKEN)) {
    const { minus = '', quoted = '', plain = '' } = groups ?? {};
    const phrase = quoted.trim();
    if (phrase !== '') words.push(`${minus && '-'}"${phrase}"`);
    else if (minus !== '' && plain !== '') without.push(plain);
    else if (plain !== '') meaning.push(plain);
  }
  return { meaning: meaning.join(' '), without, words: words.join(' ') };
}
