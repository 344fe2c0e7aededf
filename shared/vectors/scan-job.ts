import { bestScore } from './best-score.ts';
import { type Candidates, gatherCandidates } from './candidates.ts';
import type { Scan } from './scan.ts';

/** One vector that rows are compared with: where its codes lie, and what makes cosines of sums. */
export type ScanQuery = { readonly at: number; readonly factor: number; readonly excess: number };

/** What threads scan together. All places are byte offsets, as in Scan. */
export type ScanJob = {
  /** One to which near rows are near, or those of a best_score. */
  readonly queries: { readonly nearest: ScanQuery } | { readonly best: Examples<ScanQuery> };
  readonly rows: number;
  readonly stride: number;
  readonly scales: number;
  readonly list: number;
  /** Room for the scores of one chunk, 4 bytes each, for every thread. */
  readonly scores: number;
  /** Rows to scan, of the list or in all. */
  readonly count: number;
  /** How many the best are. */
  readonly depth: number;
  /** How far an estimate of a cosine may be from the exact one. */
  readonly margin: number;
};

export type Examples<T> = { readonly positive: readonly T[]; readonly negative: readonly T[] };

/** Rows at once: little enough that no thread waits long for another, 2 MB of rows of 512. */
const CHUNK = 4096;

/** Threads of one job; more than these a memory hardly feeds. */
export const MOST_THREADS = 4;

/** bytes that a job needs at `scores`. */
export const SCORES_BYTES = 4 * CHUNK * MOST_THREADS;

/** What a chunk is bounded with, valid until the next. New ones for each would be 40 MB of garbage in each thread. */
const buffers = {
  liked: new Float32Array(CHUNK),
  disliked: new Float32Array(CHUNK),
  low: new Float32Array(CHUNK),
  high: new Float32Array(CHUNK),
};

/** What scores of best_score lose by rounding. */
const ROUNDING = 1e-6;

/**
 * Takes chunk after chunk until none is left, and returns what can be among the best of them.
 * @param next the first row of a chunk that nobody has taken yet
 * @param thread the number of this thread
 */
export function takePart(
  scan: Scan,
  job: ScanJob,
  memory: WebAssembly.Memory,
  next: () => number,
  thread = 0,
): Candidates {
  const { queries, rows, stride, scales, list, count, depth, margin } = job;
  const scores = job.scores + 4 * CHUNK * thread;
  const gathering = gatherCandidates(depth);
  for (let from = next(); from < count; from = next()) {
    const to = Math.min(count, from + CHUNK);
    /** Valid until the next call. */
    const cosines = ({ at, factor, excess }: ScanQuery): Float32Array => {
      // A scan writes the score of row i 4i bytes behind the place it is given: those of the chunk begin at `scores`.
      scan(at, rows, stride, scales, list, scores - 4 * from, from, to, factor, excess);
      return new Float32Array(memory.buffer, scores, to - from);
    };
    if ('nearest' in queries) {
      const near = cosines(queries.nearest);
      gathering.offer(near, near, margin, from);
    } else {
      const { low, high } = boundsOfBest(queries.best, cosines, to - from, margin);
      gathering.offer(low, high, ROUNDING, from);
    }
  }
  return gathering.candidates();
}

/** best_score falls where a negative comes nearest: each side's estimate at its worst, and at its best. */
function boundsOfBest(
  { positive, negative }: Examples<ScanQuery>,
  cosines: (query: ScanQuery) => Float32Array,
  count: number,
  margin: number,
) {
  const liked = largest(positive, cosines, buffers.liked.subarray(0, count));
  const disliked = largest(negative, cosines, buffers.disliked.subarray(0, count));
  const [low, high] = [buffers.low.subarray(0, count), buffers.high.subarray(0, count)];
  for (let i = 0; i < count; i++) {
    low[i] = bestScore(liked[i]! - margin, disliked[i]! + margin);
    high[i] = bestScore(liked[i]! + margin, disliked[i]! - margin);
  }
  return { low, high };
}

/** Writes by row the largest of the cosines; −∞ where there is no query. */
function largest(
  queries: readonly ScanQuery[],
  cosines: (query: ScanQuery) => Float32Array,
  most: Float32Array,
): Float32Array {
  most.fill(Number.NEGATIVE_INFINITY);
  for (const query of queries) {
    const near = cosines(query);
    for (let i = 0; i < most.length; i++) most[i] = Math.max(most[i]!, near[i]!);
  }
  return most;
}

/** The chunks in their order, for who scans alone. */
export function oneAfterAnother(): () => number {
  let first = -CHUNK;
  return () => (first += CHUNK);
}

/** Each chunk once, for threads that share a counter. */
export const oneOfAll =
  (counter: Int32Array): (() => number) =>
  () =>
    Atomics.add(counter, 0, CHUNK);
