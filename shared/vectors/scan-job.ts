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
};

/** Scores at once: little enough that no thread waits long for another, 2 MB of rows of 512. */
const CHUNK = 4096;

/** Takes chunk after chunk until none is left. `next` is shared by those that take part: the first free i. */
export function takePart(scan: Scan, job: ScanJob, next: Int32Array): void {
  for (;;) {
    const from = Atomics.add(next, 0, CHUNK);
    if (from >= job.count) return;
    scanRange(scan, job, from, Math.min(job.count, from + CHUNK));
  }
}

export function scanRange(scan: Scan, job: ScanJob, from: number, to: number): void {
  const { query, rows, stride, scales, list, scores, factor, excess } = job;
  scan(query, rows, stride, scales, list, scores, from, to, factor, excess);
}
