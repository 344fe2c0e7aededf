import { type Token, tokenize } from '../ocr/tokens.ts';

/** A search's words, ready to be looked for in many texts. */
export type AskedWords = {
  /** Words, pairs of CJK characters and lone CJK characters, each once; tokens of a pair are separated by a space. */
  readonly terms: readonly { readonly text: string; readonly weight: number; readonly cjk: boolean }[];
  /** Neighbours in the search, as a text would have them. */
  readonly pairs: readonly string[];
  /** Unbroken runs of four and more CJK characters. */
  readonly runs: readonly (readonly string[])[];
};

/** What a text has of the words of a search. */
export type Evidence = {
  /** Share of the asked IDF that is found, 0 to 1. */
  readonly covered: number;
  /** Share of neighbours in the search that are neighbours in the text, 0 to 1. */
  readonly together: number;
};

/** The terms of a search in the order of `queryTerms`' texts; see bm25.ts. */
export function askedTerms(text: string): readonly { readonly text: string; readonly cjk: boolean }[] {
  const tokens = tokenize(text);
  const terms = tokens.flatMap((token, i) => {
    if (!token.cjk) return [{ text: token.text, cjk: false }];
    const [before, after] = [tokens[i - 1], tokens[i + 1]];
    if (after && joined(token, after)) return [{ text: `${token.text} ${after.text}`, cjk: true }];
    return before && joined(before, token) ? [] : [{ text: token.text, cjk: true }];
  });
  return [...new Map(terms.map(term => [term.text, term])).values()];
}

/**
 * A term that no image has weighs what one of a single image would, and more: by IDF, ln 3 more.
 */
const UNKNOWN = Math.log(3);

/**
 * @param idf of a term; undefined where no image has it
 */
export function askWords(text: string, idf: (term: string) => number | undefined): AskedWords {
  const tokens = tokenize(text);
  const terms = askedTerms(text).map(term => ({ ...term, idf: idf(term.text) }));
  const highest = Math.max(0, ...terms.map(term => term.idf ?? 0));
  const runs: string[][] = [];
  for (const [i, token] of tokens.entries()) {
    const before = tokens[i - 1];
    if (token.cjk && before && joined(before, token)) runs.at(-1)?.push(token.text);
    else runs.push([token.text]);
  }
  return {
    terms: terms.map(term => ({ ...term, weight: term.idf ?? highest + UNKNOWN })),
    pairs: tokens.slice(1).map((token, i) => `${tokens[i]?.text} ${token.text}`),
    runs: runs.filter(run => run.length >= SHORTEST),
  };
}

const joined = (left: Token, right: Token): boolean => left.cjk && right.cjk && left.end === right.start;

/** What a term that was read with an error counts. */
const MISREAD = 0.85;

/**
 * How much of the words a text has. A word that the text lacks counts a little less where one stands there that
 * OCR may have taken it for.
 * @param phrase tokens of the text, separated by spaces, as `phraseOf` gives them
 */
export function evidenceIn(asked: AskedWords, phrase: string): Evidence {
  if (asked.terms.length === 0) return { covered: 0, together: 0 };
  const text = ` ${phrase} `;
  const has = (term: string): boolean => text.includes(` ${term} `);
  const missing = asked.terms.filter(term => !has(term.text));
  const misread = missing.length === 0 ? NOTHING : misreadTerms(asked, missing, phrase.split(' '));
  let [found, total] = [0, 0];
  for (const { text: term, weight } of asked.terms) {
    total += weight;
    if (misread.has(term)) found += MISREAD * weight;
    else if (has(term)) found += weight;
  }
  const together = asked.pairs.filter(has).length / Math.max(1, asked.pairs.length);
  return { covered: found / total, together: asked.pairs.length === 0 ? 1 : together };
}

const NOTHING: ReadonlySet<string> = new Set();

function misreadTerms(
  asked: AskedWords,
  missing: AskedWords['terms'],
  tokens: readonly string[],
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { text, cjk } of missing)
    if (!cjk && text.length >= SHORTEST && tokens.some(token => isMisreading(text, token))) found.add(text);
  for (const run of asked.runs) {
    const at = almostAt(run, tokens);
    if (at < 0) continue;
    for (let i = 1; i < run.length; i++) found.add(`${run[i - 1]} ${run[i]}`);
  }
  return new Set(missing.filter(({ text }) => found.has(text)).map(({ text }) => text));
}

/** The index of a run in the text with one character replaced; −1 where there is none. */
function almostAt(run: readonly string[], tokens: readonly string[]): number {
  for (let start = 0; start + run.length <= tokens.length; start++) {
    let wrong = 0;
    for (let i = 0; i < run.length && wrong <= 1; i++) if (run[i] !== tokens[start + i]) wrong++;
    if (wrong === 1) return start;
  }
  return -1;
}

/** Letters of a word that can't be a misreading of another. */
const SHORTEST = 4;

/** Letters that look alike in print, under one of them. */
const LOOK_ALIKE: readonly (readonly [RegExp, string])[] = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/[1il]/g, 'l'],
  [/0/g, 'o'],
  [/5/g, 's'],
  [/8/g, 'b'],
];

const shapeOf = (word: string): string =>
  LOOK_ALIKE.reduce((shape, [letters, like]) => shape.replace(letters, like), word);

/** Whether OCR may have made one word of the other: letters that look alike, or one other letter in five. */
function isMisreading(word: string, read: string): boolean {
  if (Math.abs(word.length - read.length) > 2 || /^\d+$/.test(word)) return false;
  const [a, b] = [shapeOf(word), shapeOf(read)];
  if (a === b) return true;
  const allowed = Math.floor(a.length / 5);
  return allowed > 0 && distance(a, b, allowed) <= allowed;
}

/** Levenshtein's distance, or any number above `most`. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    if (Math.min(...next) > most) return most + 1;
    row = next;
  }
  return row[b.length]!;
}
