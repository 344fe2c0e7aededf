import { parentPort } from 'node:worker_threads';
import { fastestScan } from './scan.ts';
import { oneOfAll, takePart } from './scan-job.ts';
import type { ScanRequest } from './scan-threads.ts';

/** A thread of scan-threads.ts: takes its part in each job, and sends what it found when nothing more is to be done. */
const known: WebAssembly.Memory[] = [];
const scans: ReturnType<typeof fastestScan>[] = [];

parentPort?.on('message', ({ job, thread, number, memory: first }: ScanRequest) => {
  if (first) {
    known[number] = first;
    scans[number] = fastestScan(first);
  }
  const memory = known[number]!;
  const next = oneOfAll(new Int32Array(memory.buffer, 0, 1));
  parentPort?.postMessage(takePart(scans[number]!, job, memory, next, thread));
});
