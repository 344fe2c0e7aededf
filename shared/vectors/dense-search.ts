import { setImmediate } from 'node:timers/promises';
import { bestScore } from './best-score.ts';
import type { CandidateRows, CodeMatrix, Wanted } from './code-matrix.ts';
import type { Predicate } from './column.ts';
import { dot, type ExactVectors } from './exact-vectors.ts';
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
  const wanted: Wanted =
    'best' in query ? { best: { positive: liked!, negative: disliked! } } : { nearest: liked![0]! };
  const depth = whole ? Number.POSITIVE_INFINITY : query.limit;
  const candidates = await candidatesThatPass(codes, wanted, pass, depth);
  await readAhead(codes, exact, candidates, query.limit);

  const exactly = (slot: number): number => {
    const vector = exact.of(slot);
    if (!vector) return Number.NaN;
    const best = largestDot(liked!, vector);
    return 'best' in query ? bestScore(best, largestDot(disliked!, vector)) : best;
  };

  return {
    take(changed, passes) {
      const slots = codes.slots();
      const { rows, low, high, floor } = candidates;
      const slotAt = (i: number): number => slots[rows[i]!]!;
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
      const above = query.scoreThreshold ?? Number.NEGATIVE_INFINITY;
      // The best by their estimates come first: no other matters that can't come up to the last of them.
      const sure = kthLargest(low, query.limit);
      for (let i = 0; i < low.length; i++) if (low[i]! >= sure && high[i]! >= above) score(slotAt(i));
      const bound = Math.max(kthLargest(Float32Array.from(scores), query.limit), above);
      if (bound < floor) return undefined;
      for (let i = 0; i < high.length; i++) if (high[i]! >= bound && low[i]! < sure) score(slotAt(i));
      return { slots: Int32Array.from(found), scores: Float32Array.from(scores) };
    },
  };
}

/** Vectors that are read from the file, cold some 150 µs each, before others get their turn. */
const READ_AT_ONCE = 64;

/**
 * Reads the vectors that a long list takes, so that they are at hand when it is made at one go. Each was asked for by
 * its slot alone: what changes meanwhile is read again.
 */
async function readAhead(
  codes: CodeMatrix,
  exact: ExactVectors,
  { rows, low, high }: CandidateRows,
  limit: number,
): Promise<void> {
  if (Math.min(rows.length, limit) <= READ_AT_ONCE) return;
  const sure = kthLargest(low, limit);
  let read = 0;
  for (const [i, row] of rows.entries()) {
    if (high[i]! < sure) continue;
    const slot = codes.slots()[row]!;
    if (slot >= 0) exact.of(slot);
    if (++read % READ_AT_ONCE === 0) await setImmediate();
  }
}

/** Passing rows are scanned by a list, which costs twice as much a row, unless so large a share of all passes. */
const MANY = 0.5;

async function candidatesThatPass(
  codes: CodeMatrix,
  wanted: Wanted,
  pass: Predicate | undefined,
  depth: number,
): Promise<CandidateRows> {
  if (!pass) return codes.candidates(wanted, depth);
  const share = shareOf(codes, pass);
  const found = share >= MANY && (await candidatesAmongAll(codes, wanted, pass, depth, share));
  return found || codes.candidates(wanted, depth, matchingRows(codes, pass));
}

/** Scans all, and as deep that enough of the best pass; undefined where they don't. */
async function candidatesAmongAll(
  codes: CodeMatrix,
  wanted: Wanted,
  pass: Predicate,
  depth: number,
  share: number,
): Promise<CandidateRows | undefined> {
  const all = await codes.candidates(wanted, Math.ceil((depth / share) * 1.25) + SPARE);
  const slots = codes.slots();
  const passing = Uint8Array.from(all.rows, row => (slots[row]! >= 0 && pass(slots[row]!) ? 1 : 0));
  const passes = (_: number, i: number): boolean => passing[i] === 1;
  const low = all.low.filter(passes);
  if (all.floor > kthLargest(low, depth)) return undefined;
  return { rows: all.rows.filter(passes), low, high: all.high.filter(passes), floor: all.floor };
}
const SPARE = 30;

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

/** A bit for each row, set where its slot passes. */
function matchingRows(codes: CodeMatrix, pass: Predicate): Uint8Array {
  const slots = codes.slots();
  const rows = new Uint8Array(Math.ceil(slots.length / 8));
  for (let row = 0; row < slots.length; row++)
    if (slots[row]! >= 0 && pass(slots[row]!)) rows[row >> 3]! |= 1 << (row & 7);
  return rows;
}

function largestDot(examples: readonly Float32Array[], vector: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const example of examples) largest = Math.max(largest, dot(example, vector));
  return largest;
}
