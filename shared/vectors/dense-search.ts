import type { CodeMatrix, Estimates } from './code-matrix.ts';
import { dot, type ExactVectors } from './exact-vectors.ts';
import type { Predicate } from './predicate.ts';
import { kthLargest } from './top.ts';
import { unitOf } from './unit.ts';
import type { BestQuery, NearestQuery } from './vector-index.ts';

export type DenseQuery = NearestQuery | BestQuery;

/** Slots that hold every point which can be among the best, each with its exact score. */
export type ScoredSlots = { readonly slots: Int32Array; readonly scores: Float32Array };

/** Dense vectors of one name. */
export type DenseVectors = { readonly codes: CodeMatrix; readonly exact: ExactVectors };

/** A scan that is done. What has changed in the meantime is named when its result is taken. */
export type DenseScan = {
  /**
   * @param changed slots whose points changed since the scan began
   * @param passes whether the point in such a slot passes the query's filter now
   */
  take(changed: ReadonlySet<number>, passes: Predicate): ScoredSlots;
};

/**
 * Exact search by estimates: all points are scored by their int8 codes, the best of them again from the vectors
 * themselves, and then those that could still be better than the last of these, given how far an estimate can be
 * from the exact score. So scores and order are those of a scan of the vectors, for little more of them read than
 * are returned.
 * @throws index_rejected for a vector that doesn't fit
 */
export async function scanDense(
  { codes, exact }: DenseVectors,
  query: DenseQuery,
  pass: Predicate | undefined,
): Promise<DenseScan> {
  const { positive, negative } = 'best' in query ? query.best : { positive: [query.nearest], negative: [] };
  const [liked, disliked] = [positive, negative].map(side => side.map(vector => unitOf(codes, vector)));
  const rows = pass && matchingRows(codes, pass);
  const estimate = (vectors: readonly Float32Array[]) =>
    Promise.all(vectors.map(vector => (rows ? estimateRows(codes, vector, rows) : codes.estimate(vector))));
  const [likely, unlikely] = await Promise.all([estimate(liked!), estimate(disliked!)]);

  const exactly = (slot: number): number => {
    const vector = exact.of(slot);
    if (!vector) return Number.NaN;
    const best = largestDot(liked!, vector);
    return 'best' in query ? bestScore(best, largestDot(disliked!, vector)) : best;
  };

  return {
    take(changed, passes) {
      const slots = codes.slots();
      const { low, high, margin } = 'best' in query ? bestBounds(likely, unlikely) : nearestBounds(likely);
      const slotAt = (i: number): number => slots[rows ? rows[i]! : i]!;
      if (changed.size > 0)
        for (let i = 0; i < low.length; i++)
          if (slotAt(i) < 0 || changed.has(slotAt(i))) low[i] = high[i] = Number.NaN;
      const found: number[] = [];
      const scores: number[] = [];
      const score = (slot: number): void => {
        found.push(slot);
        scores.push(exactly(slot));
      };
      for (const slot of changed) if (codes.has(slot) && passes(slot)) score(slot);
      const above = (query.scoreThreshold ?? Number.NEGATIVE_INFINITY) - margin;
      // the best by their estimates first: no other matters that can't come up to the last of them
      const sure = kthLargest(low, query.limit);
      for (let i = 0; i < low.length; i++) if (low[i]! >= sure && high[i]! >= above) score(slotAt(i));
      const bound = Math.max(kthLargest(Float32Array.from(scores), query.limit) - margin, above);
      for (let i = 0; i < high.length; i++) if (high[i]! >= bound && low[i]! < sure) score(slotAt(i));
      return { slots: Int32Array.from(found), scores: Float32Array.from(scores) };
    },
  };
}

/** Rows of the slots that pass. */
function matchingRows(codes: CodeMatrix, pass: Predicate): Uint32Array {
  const slots = codes.slots();
  const rows = new Uint32Array(slots.length);
  let count = 0;
  for (let row = 0; row < slots.length; row++) if (slots[row]! >= 0 && pass(slots[row]!)) rows[count++] = row;
  return rows.subarray(0, count);
}

/** A list of rows costs twice as much a row as all of them in order. */
const MANY = 0.5;

async function estimateRows(codes: CodeMatrix, vector: Float32Array, rows: Uint32Array): Promise<Estimates> {
  if (rows.length < MANY * codes.slots().length) return codes.estimate(vector, rows);
  const { scores: all, margin } = await codes.estimate(vector);
  const scores = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) scores[i] = all[rows[i]!]!;
  return { scores, margin };
}

/** Between what scores lie, `margin` further on either side. */
type Bounds = { readonly low: Float32Array; readonly high: Float32Array; readonly margin: number };

const nearestBounds = ([estimates]: readonly Estimates[]): Bounds => ({
  low: estimates!.scores,
  high: estimates!.scores,
  margin: estimates!.margin,
});

/** Of best_score, which falls where a negative comes nearest: each side's estimate at its worst, and at its best. */
function bestBounds(liked: readonly Estimates[], disliked: readonly Estimates[]): Bounds {
  const length = (liked[0] ?? disliked[0])?.scores.length ?? 0;
  const [low, high] = [largest(liked, -1, length), largest(liked, 1, length)];
  const [unlikedLow, unlikedHigh] = [largest(disliked, -1, length), largest(disliked, 1, length)];
  for (let i = 0; i < length; i++) {
    low[i] = bestScore(low[i]!, unlikedHigh[i]!);
    high[i] = bestScore(high[i]!, unlikedLow[i]!);
  }
  return { low, high, margin: 1e-6 };
}

/** By row the largest of some estimates, each moved by its margin; −∞ where there are none. */
function largest(side: readonly Estimates[], sign: number, length: number): Float32Array {
  const most = new Float32Array(length).fill(Number.NEGATIVE_INFINITY);
  for (const { scores, margin } of side)
    for (let i = 0; i < length; i++) most[i] = Math.max(most[i]!, scores[i]! + sign * margin);
  return most;
}

function largestDot(examples: readonly Float32Array[], vector: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const example of examples) largest = Math.max(largest, dot(example, vector));
  return largest;
}

/** Of the nearest positive and the nearest negative. Source: see BestQuery. */
const bestScore = (liked: number, disliked: number): number =>
  liked > disliked ? sigmoid(liked) : -sigmoid(disliked);

const sigmoid = (x: number): number => 0.5 * (x / (1 + Math.abs(x)) + 1);
