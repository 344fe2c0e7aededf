import { parentPort, workerData } from 'node:worker_threads';
import { fastestScan } from './scan.ts';
import { type ScanJob, takePart } from './scan-job.ts';

/** A thread of scan-threads.ts: takes its part in each job, and says when it found nothing more to do. */
const memory = workerData as WebAssembly.Memory;
const scan = fastestScan(memory);
const next = new Int32Array(memory.buffer, 0, 1);

parentPort?.on('message', (job: ScanJob) => {
  takePart(scan, job, next);
  parentPort?.postMessage(null);
});
