/**
 * The syntax of searches by words: `"新年快乐" sale -draft *tation*`. Quotes: exactly this sequence. Minus: images
 * without it. Stars: any part of a word, on the side where they stand (`*tation`, `stat*`), also within quotes.
 * The rest ranks.
 */
export type WordsQuery = {
  /** What ranks, by meaning and by the words themselves: everything but what is excluded, quotes and stars taken off. */
  readonly ranking: string;
  readonly exact: readonly Sequence[];
  readonly without: readonly Sequence[];
};

/** Words in a sequence; where an end of it is open, the word at that end may be longer. */
export type Sequence = {
  readonly text: string;
  readonly openStart: boolean;
  readonly openEnd: boolean;
};

/** An opening quote of any kind people type, up to its partner or the end; or a run without spaces. */
const PART = /([-−－]?)(?:["“”„«「『]([^"“”«»」』]*)["“”»」』]?|(\S+))/gu;

/** Never fails: an unclosed quote reaches to the end, a lone minus is a word like any other. */
export function parseWordsQuery(text: string): WordsQuery {
  const ranking: string[] = [];
  const exact: Sequence[] = [];
  const without: Sequence[] = [];
  for (const [whole, minus, quoted, bare] of text.normalize('NFC').matchAll(PART)) {
    const sequence = sequenceOf((quoted ?? bare ?? '').trim());
    if (sequence.text === '') {
      if (quoted === undefined) ranking.push(whole);
      continue;
    }
    if (minus) {
      without.push(sequence);
      continue;
    }
    const isOpen = sequence.openStart || sequence.openEnd;
    ranking.push(quoted === undefined && !isOpen ? whole : sequence.text);
    if (quoted !== undefined || isOpen) exact.push(sequence);
  }
  return { ranking: ranking.join(' '), exact, without };
}

function sequenceOf(words: string): Sequence {
  const text = words.replace(/^[*＊]+|[*＊]+$/g, '').trim();
  return { text, openStart: /^[*＊]/.test(words), openEnd: /[*＊]$/.test(words) };
}
