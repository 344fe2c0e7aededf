import type { SparseVector } from '../vectors/vector-index.ts';
import { type Token, tokenize } from './tokens.ts';

/**
 * BM25 as Qdrant's own (lib/bm25): a document's vector has n(k1+1)/(n + k1(1−b+b·length/average)) for a term
 * that occurs n times, a query's has 1; the index multiplies by the term's IDF.
 */
const K1 = 1.2;
const B = 0.75;

/** Terms in a typical lettered image; fixed, since a moving average would change vectors already stored. */
const AVERAGE_LENGTH = 24;

/** The sparse vector of the words in an image: words, and of CJK runs both bigrams and single characters. */
export function documentTerms(text: string): SparseVector {
  const tokens = tokenize(text);
  const bigrams = bigramsOf(tokens);
  const words = tokens.filter(token => !token.cjk).map(token => token.text);
  const length = words.length + bigrams.length;
  const characters = tokens.filter(token => token.cjk).map(token => token.text);
  return sparse(
    [...words, ...bigrams, ...characters],
    n => (n * (K1 + 1)) / (n + K1 * (1 - B + (B * Math.max(length, 1)) / AVERAGE_LENGTH)),
  );
}

/**
 * The sparse vector of a query: words and CJK bigrams, each once. A CJK character without a neighbour stands
 * for itself, so that 猫 finds 猫咪.
 */
export function queryTerms(text: string): SparseVector {
  const tokens = tokenize(text);
  const alone = tokens.filter(
    (token, i) => token.cjk && !joins(tokens[i - 1], token) && !joins(token, tokens[i + 1]),
  );
  const words = tokens.filter(token => !token.cjk);
  const terms = [...words, ...alone].map(token => token.text);
  return sparse([...new Set([...terms, ...bigramsOf(tokens)])], () => 1);
}

/** Two CJK characters make a bigram where nothing stands between them. */
const joins = (left: Token | undefined, right: Token | undefined): boolean =>
  left !== undefined && right !== undefined && left.cjk && right.cjk && left.end === right.start;

const bigramsOf = (tokens: readonly Token[]): string[] =>
  tokens.flatMap((token, i) => {
    const next = tokens[i + 1];
    return next && joins(token, next) ? [token.text + next.text] : [];
  });

function sparse(terms: readonly string[], weigh: (count: number) => number): SparseVector {
  const counts = new Map<number, number>();
  for (const term of terms) counts.set(termId(term), (counts.get(termId(term)) ?? 0) + 1);
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return { indices: sorted.map(([id]) => id), values: sorted.map(([, count]) => weigh(count)) };
}

/** A term's dimension: |murmur3_32(term, seed 0) as i32|, as Qdrant's lib/bm25 has it. */
export const termId = (term: string): number => Math.abs(murmur3(new TextEncoder().encode(term)) | 0);

/** MurmurHash3 x86_32 with seed 0 (Appleby, MurmurHash3.cpp), unsigned. */
export function murmur3(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = bytes.length >> 2;
  let hash = 0;
  for (let i = 0; i < blocks; i++) {
    hash ^= scramble(view.getUint32(i * 4, true));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = bytes.length - 1; i >= blocks * 4; i--) tail = (tail << 8) | bytes[i]!;
  if (bytes.length % 4 !== 0) hash ^= scramble(tail);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scramble(block: number): number {
  const k = Math.imul(block, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}
