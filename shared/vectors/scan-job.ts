import { type Candidates, gatherCandidates, type Selection } from './candidates.ts';
import type { Scan } from './scan.ts';

/** The arguments of a scan but for its range, and how many scores it makes. */
export type ScanJob = {
  readonly query: number;
  readonly rows: number;
  readonly stride: number;
  readonly scales: number;
  readonly list: number;
  readonly scores: number;
  readonly factor: number;
  readonly excess: number;
  readonly count: number;
  /** Where only the best are wanted. */
  readonly selection?: Selection | undefined;
};

/** Scores at once: little enough that no thread waits long for another, 2 MB of rows of 512. */
const CHUNK = 4096;

/**
 * Takes chunk after chunk until none is left. `next` is shared by those that take part: the first free i.
 * @returns the candidates of the chunks that were taken, where the job selects
 */
export function takePart(
  scan: Scan,
  job: ScanJob,
  memory: WebAssembly.Memory,
  next: () => number,
): Candidates | null {
  const { query, rows, stride, scales, list, scores, factor, excess, count, selection } = job;
  const gathering = selection && gatherCandidates(selection);
  for (let from = next(); from < count; from = next()) {
    const to = Math.min(count, from + CHUNK);
    scan(query, rows, stride, scales, list, scores, from, to, factor, excess);
    gathering?.offer(new Float32Array(memory.buffer, scores + from * 4, to - from), from);
  }
  return gathering?.candidates() ?? null;
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
