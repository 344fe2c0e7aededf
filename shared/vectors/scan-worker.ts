import { parentPort } from 'node:worker_threads';
import { fastestScan } from './scan.ts';
import { takePart } from './scan-job.ts';
import type { ScanRequest } from './scan-threads.ts';

/** A thread of scan-threads.ts: takes its part in each job, and says when it found nothing more to do. */
const known: { readonly scan: ReturnType<typeof fastestScan>; readonly next: Int32Array }[] = [];

parentPort?.on('message', ({ job, number, memory }: ScanRequest) => {
  if (memory) known[number] = { scan: fastestScan(memory), next: new Int32Array(memory.buffer, 0, 1) };
  const { scan, next } = known[number]!;
  takePart(scan, job, next);
  parentPort?.postMessage(null);
});
