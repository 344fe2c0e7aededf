import { documentTerms, queryTerms } from '../../shared/ocr/bm25.ts';

/** What reading one image was worth. */
export type Score = {
  readonly characters: number;
  readonly edits: number;
  readonly charactersUnspaced: number;
  readonly editsUnspaced: number;
  /** Terms that a search would ask for (words, pairs of Chinese characters), and those among them that it finds. */
  readonly terms: number;
  readonly termsFound: number;
};

/** Compares what stands there with what was read; full and half width count as the same. */
export function score(lines: readonly string[], read: string): Score {
  const [truth, text] = [tidy(lines.join(' ')), tidy(read)];
  const [truthUnspaced, textUnspaced] = [truth.replaceAll(' ', ''), text.replaceAll(' ', '')];
  const wanted = lines.flatMap(line => queryTerms(line).indices);
  const found = new Set(documentTerms(read).indices);
  return {
    characters: [...truth].length,
    edits: distance(truth, text),
    charactersUnspaced: [...truthUnspaced].length,
    editsUnspaced: distance(truthUnspaced, textUnspaced),
    terms: wanted.length,
    termsFound: wanted.filter(term => found.has(term)).length,
  };
}

export const sum = (scores: readonly Score[]): Score =>
  scores.reduce((a, b) => ({
    characters: a.characters + b.characters,
    edits: a.edits + b.edits,
    charactersUnspaced: a.charactersUnspaced + b.charactersUnspaced,
    editsUnspaced: a.editsUnspaced + b.editsUnspaced,
    terms: a.terms + b.terms,
    termsFound: a.termsFound + b.termsFound,
  }));

const tidy = (text: string): string => text.normalize('NFKC').replace(/\s+/gu, ' ').trim();

/** Levenshtein, over code points. */
export function distance(a: string, b: string): number {
  const [from, to] = [[...a], [...b]];
  let row = to.map((_, j) => j + 1);
  for (const [i, char] of from.entries()) {
    let diagonal = i;
    let left = i + 1;
    row = row.map((above, j) => {
      const best = Math.min(above + 1, left + 1, diagonal + (char === to[j] ? 0 : 1));
      diagonal = above;
      left = best;
      return best;
    });
  }
  return row.at(-1) ?? from.length;
}
