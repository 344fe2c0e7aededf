import { z } from 'zod';
import { OCR_TERMS } from '../catalog/collection.ts';
import { byScore } from '../vectors/by-score.ts';
import type { Query, ScoredPoint, SparseVector } from '../vectors/vector-index.ts';
import type { Chance } from './chance.ts';
import type { Judged, Parts } from './judged.ts';
import { type AskedWords, type Evidence, evidenceIn } from './words-evidence.ts';

/** Words that rank: the requests to the index for them, and how its responses are read. */
export type WordsToRank = {
  readonly text: string;
  readonly asked: AskedWords;
  readonly terms: SparseVector;
  /** Every image that passes the filter has what was searched for: a phrase in quotes, or a part of a word. */
  readonly certain: boolean;
};

/**
 * Cosine below which the meaning of words alone finds nothing. Of texts that have nothing to do with each other
 * about one pair in fifty is above it, of those that mean the same hardly any below (docs/words.md).
 */
export const LEAST_MEANING = 0.25;

/** Share of the asked IDF below which words alone find nothing, and from which on they count in the ranking. */
const LEAST_COVERED = 0.3;
const COUNTS_FROM = 0.5;

/** Images of either list whose text is read; deeper ones are ranked below them by their list alone. */
const LOOKED_AT = 200;

/** Of the evidence of words, what their being neighbours as in the search decides, and BM25 (repetition, length). */
const BY_NEIGHBOURS = 0.3;
const BY_BM25 = 0.1;

/** The least fit of an image that has a phrase in quotes. */
const LEAST_BY_CERTAINTY = 0.9;

type Question = Pick<Query, 'filter'>;
type Dense = Exclude<Query, { sparse: unknown }>;

/** The requests to the index: the heads of both lists with their texts and, for a deeper page, their tails. */
export function wordsQueries(
  { terms, certain }: WordsToRank,
  dense:
    | (Pick<Dense, 'using'> &
        Question &
        ({ nearest: Float32Array } | Pick<Extract<Dense, { best: unknown }>, 'best'>))
    | null,
  filter: Question['filter'],
  depth: number,
  end: number,
): { readonly heads: Query[]; readonly tails: Query[] } {
  const threshold = certain ? {} : { scoreThreshold: LEAST_MEANING };
  const lists = [
    ...(dense ? [{ ...dense, ...threshold }] : []),
    ...(terms.indices.length > 0 ? [{ using: OCR_TERMS, filter, sparse: terms }] : []),
  ];
  const heads = lists.map(list => ({ ...list, limit: LOOKED_AT, payload: ['ocr_phrase'] }));
  const tails =
    end > LOOKED_AT ? lists.map(list => ({ ...list, offset: LOOKED_AT, limit: depth - LOOKED_AT })) : [];
  return { heads, tails };
}

const textSchema = z.object({ ocr_phrase: z.string().nullish() });

/**
 * Images by the words in them, best first: cosine of the meaning plus evidence of the words themselves. A list of
 * ranks can not show that a shared common word is noise, or that two texts say the same; what they have of the search
 * can. Neither counts where it says little, so the better of both decides.
 */
export function rankWords(
  { asked, certain }: WordsToRank,
  lists: {
    readonly meaning: readonly ScoredPoint[];
    readonly words: readonly ScoredPoint[];
    readonly moreMeaning: readonly ScoredPoint[];
    readonly moreWords: readonly ScoredPoint[];
  },
  chance: Chance | null,
): Judged[] {
  const meaning = new Map(lists.meaning.map(({ id, score }) => [id, score]));
  const words = new Map(lists.words.map(({ id, score }) => [id, score]));
  const bestBm25 = Math.max(0, ...words.values());
  const judge = (id: string, evidence: Evidence | null): Judged | null => {
    const cosine = meaning.get(id) ?? 0;
    const found = evidence && (evidence.covered >= LEAST_COVERED || certain) ? strengthOf(evidence) : 0;
    const isFound = certain || cosine > LEAST_MEANING || (evidence?.covered ?? 0) >= LEAST_COVERED;
    if (!isFound) return null;
    const bm25 = bestBm25 > 0 ? (words.get(id) ?? 0) / bestBm25 : 0;
    const fits = {
      meaning: meaningFit(cosine, chance),
      words: Math.max(found * wordsFit(asked, evidence), certain ? LEAST_BY_CERTAINTY : 0),
    };
    return {
      id,
      score: (Math.max(0, cosine) + found * (1 - BY_BM25 + BY_BM25 * bm25)) / 2,
      // A text that has the words also means them: these are not two separate reasons.
      fit: Math.max(fits.meaning, fits.words),
      parts: partsOf(fits),
    };
  };
  const texts = new Map([...lists.meaning, ...lists.words].map(point => [point.id, textOf(point)]));
  const evidence = new Map([...texts].map(([id, text]) => [id, evidenceIn(asked, text)]));
  const head = [...texts.keys()].flatMap(id => judge(id, evidence.get(id) ?? null) ?? []).sort(byScore);
  return [...head, ...tailOf(lists, head, evidence, certain)];
}

/** Rises from nothing at COUNTS_FROM to 1 where all words stand there as in the search. */
function strengthOf({ covered, together }: Evidence): number {
  const above = Math.max(0, (covered - COUNTS_FROM) / (1 - COUNTS_FROM));
  return above ** 2 * (1 - BY_NEIGHBOURS + BY_NEIGHBOURS * together);
}

/**
 * That words stand in an image says the less the more images bear them: exp(−IDF) is about the share of images that
 * do, and its product over the terms how often chance brings them together. At worst it is as likely as not that an
 * image with all the words is what was meant.
 */
const wordsFit = ({ terms }: AskedWords, evidence: Evidence | null): number => {
  const idf = (evidence?.covered ?? 0) * terms.reduce((sum, { weight }) => sum + weight, 0);
  return 1 - 0.5 * Math.exp(-idf);
};

/**
 * What chance leaves of it, and no more than is usual of the encoder: of texts that mean the same nine in ten are
 * above .38 (`npm run bench:finding`). Where few images are lettered, chance alone says little. Where it isn't known,
 * what was right among forty texts of that bench: about half the first hits at .42, nine in ten from .54 on.
 */
const meaningFit = (cosine: number, chance: Chance | null): number =>
  chance
    ? Math.min(chance.fit(cosine), rising(cosine, { half: 0.35, scale: 0.03 }))
    : rising(cosine, { half: 0.42, scale: 0.055 });

const rising = (value: number, { half, scale }: { readonly half: number; readonly scale: number }): number =>
  1 / (1 + Math.exp((half - value) / scale));

const partsOf = (fits: { readonly meaning: number; readonly words: number }): Parts =>
  (['words', 'meaning'] as const)
    .map(part => ({ part, fit: fits[part] }))
    .filter(({ fit }) => fit > LEAST_SAID)
    .sort((a, b) => b.fit - a.fit);
const LEAST_SAID = 0.01;

const textOf = ({ payload }: ScoredPoint): string => textSchema.parse(payload ?? {}).ocr_phrase ?? '';

/** Images deeper than the texts that were read, below all of these and in the order of their own list. */
function tailOf(
  { moreMeaning, moreWords, words }: Parameters<typeof rankWords>[1],
  head: readonly Judged[],
  evidence: ReadonlyMap<string, Evidence>,
  certain: boolean,
): Judged[] {
  const known = new Set(head.map(({ id }) => id));
  const last = head.at(-1);
  // Images after the last one that was read have no more of the words than that one.
  const least = Math.min(...words.map(({ id }) => evidence.get(id)?.covered ?? 0));
  const lists = certain || least >= LEAST_COVERED ? [moreWords, moreMeaning] : [moreMeaning];
  const rest = lists.flat().filter(({ id }) => !known.has(id) && known.add(id));
  return rest.map(({ id }, i) => ({
    id,
    score: ((last?.score ?? 1) * (rest.length - i)) / (rest.length + 1),
    fit: ((last?.fit ?? 1) * (rest.length - i)) / (rest.length + 1),
    parts: [],
  }));
}
