import type { BestEstimates, CodeMatrix, Estimates } from './code-matrix.ts';
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
   * @returns undefined where so much of the best has gone since that others may have come up: it must be scanned again
   */
  take(changed: ReadonlySet<number>, passes: Predicate): ScoredSlots | undefined;
};

/**
 * Exact search by estimates: all points are scored by their int8 codes, the best of them again from the vectors
 * themselves, and then those that could still be better than the last of these, given how far an estimate can be
 * from the exact score. So scores and order are those of a scan of the vectors, for little more of them read than
 * are returned.
 * @param whole keeps every estimate, so that `take` always has a result
 * @throws index_rejected for a vector that doesn't fit
 */
export async function scanDense(
  { codes, exact }: DenseVectors,
  query: DenseQuery,
  pass: Predicate | undefined,
  whole = false,
): Promise<DenseScan> {
  const { positive, negative } = 'best' in query ? query.best : { positive: [query.nearest], negative: [] };
  const [liked, disliked] = [positive, negative].map(side => side.map(vector => unitOf(codes, vector)));
  const depth = whole ? Number.POSITIVE_INFINITY : query.limit;
  const bounds =
    'best' in query
      ? await boundsOfBest(codes, liked!, disliked!, pass)
      : await boundsOfNearest(codes, liked![0]!, pass, depth);

  const exactly = (slot: number): number => {
    const vector = exact.of(slot);
    if (!vector) return Number.NaN;
    const best = largestDot(liked!, vector);
    return 'best' in query ? bestScore(best, largestDot(disliked!, vector)) : best;
  };

  return {
    take(changed, passes) {
      const slots = codes.slots();
      const { rows, low, high, margin, floor } = bounds;
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
      if (bound < floor) return undefined;
      for (let i = 0; i < high.length; i++) if (high[i]! >= bound && low[i]! < sure) score(slotAt(i));
      return { slots: Int32Array.from(found), scores: Float32Array.from(scores) };
    },
  };
}

/** Between what the scores of some rows lie, `margin` further on either side. */
type Bounds = {
  /** Undefined for all rows in their order. */
  readonly rows: Uint32Array | undefined;
  readonly low: Float32Array;
  readonly high: Float32Array;
  readonly margin: number;
  /** No other row that passes has a higher bound of this or more. */
  readonly floor: number;
};

/** Passing rows are scanned by a list, which costs twice as much a row, unless so large a share of all passes. */
const MANY = 0.5;

async function boundsOfNearest(
  codes: CodeMatrix,
  vector: Float32Array,
  pass: Predicate | undefined,
  depth: number,
): Promise<Bounds> {
  const share = pass && shareOf(codes, pass);
  if (pass && share !== undefined && share >= MANY) {
    const bounds = await boundsAmongAll(codes, vector, pass, depth, share);
    if (bounds) return bounds;
  }
  return asBounds(await codes.best(vector, depth, pass && matchingRows(codes, pass)));
}

/** Scans all, and as deep that enough of the best pass; undefined where they don't. */
async function boundsAmongAll(
  codes: CodeMatrix,
  vector: Float32Array,
  pass: Predicate,
  depth: number,
  share: number,
): Promise<Bounds | undefined> {
  const estimates = await codes.best(vector, Math.ceil((depth / share) * 1.25) + SPARE);
  const slots = codes.slots();
  const passes = (row: number): boolean => slots[row]! >= 0 && pass(slots[row]!);
  const rows = estimates.rows.filter(passes);
  const scores = estimates.scores.filter((_, i) => passes(estimates.rows[i]!));
  const floor = kthLargest(scores, depth) - 2 * estimates.margin;
  return estimates.floor > floor ? undefined : asBounds({ ...estimates, rows, scores });
}
const SPARE = 30;

const asBounds = ({ rows, scores, margin, floor }: BestEstimates): Bounds => ({
  rows,
  low: scores,
  high: scores,
  margin,
  floor,
});

/** How many of the points pass, by a sample that follows no period: its rows are multiples of the golden ratio. */
function shareOf(codes: CodeMatrix, pass: Predicate): number {
  const slots = codes.slots();
  let passed = 0;
  let seen = 0;
  for (let i = 1; i <= SAMPLE; i++) {
    const slot = slots[Math.floor(((i * GOLDEN_RATIO) % 1) * slots.length)] ?? -1;
    if (slot < 0) continue;
    seen++;
    if (pass(slot)) passed++;
  }
  return seen === 0 ? 0 : passed / seen;
}
const SAMPLE = 500;
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** Rows of the slots that pass. */
function matchingRows(codes: CodeMatrix, pass: Predicate): Uint32Array {
  const slots = codes.slots();
  const rows = new Uint32Array(slots.length);
  let count = 0;
  for (let row = 0; row < slots.length; row++) if (slots[row]! >= 0 && pass(slots[row]!)) rows[count++] = row;
  return rows.subarray(0, count);
}

/**
 * Of best_score, which falls where a negative comes nearest: each side's estimate at its worst, and at its best.
 */
async function boundsOfBest(
  codes: CodeMatrix,
  positive: readonly Float32Array[],
  negative: readonly Float32Array[],
  pass: Predicate | undefined,
): Promise<Bounds> {
  const rows = pass && matchingRows(codes, pass);
  const estimate = (vectors: readonly Float32Array[]) =>
    Promise.all(vectors.map(vector => codes.estimate(vector, rows)));
  const [liked, disliked] = await Promise.all([estimate(positive), estimate(negative)]);
  const length = (liked[0] ?? disliked[0])?.scores.length ?? 0;
  const [low, high] = [largest(liked, -1, length), largest(liked, 1, length)];
  const [dislikedLow, dislikedHigh] = [largest(disliked, -1, length), largest(disliked, 1, length)];
  for (let i = 0; i < length; i++) {
    low[i] = bestScore(low[i]!, dislikedHigh[i]!);
    high[i] = bestScore(high[i]!, dislikedLow[i]!);
  }
  return { rows, low, high, margin: 1e-6, floor: Number.NEGATIVE_INFINITY };
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
