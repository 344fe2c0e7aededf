import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { SemblanceError } from '../errors.ts';
import type { ScanJob } from './scan-job.ts';

/** Threads that scan one matrix together, while the calling thread does other things. */
export interface ScanThreads {
  /** One job after the other. @throws index_unavailable where a thread fails; the next job gets new ones */
  run(job: ScanJob): Promise<void>;
  close(): Promise<void>;
}

/** More than these a memory hardly feeds. */
const MOST_THREADS = 4;

export function createScanThreads(memory: WebAssembly.Memory): ScanThreads {
  let workers: Worker[] = [];
  let last: Promise<unknown> = Promise.resolve();

  const open = (): Worker[] =>
    Array.from({ length: Math.min(MOST_THREADS, availableParallelism()) }, () => {
      const worker = new Worker(new URL('./scan-worker.ts', import.meta.url), { workerData: memory });
      worker.unref();
      return worker;
    });
  const close = async (): Promise<void> => {
    const closing = workers;
    workers = [];
    await Promise.all(closing.map(worker => worker.terminate()));
  };

  const runNow = async (job: ScanJob): Promise<void> => {
    if (workers.length === 0) workers = open();
    new Int32Array(memory.buffer, 0, 1)[0] = 0;
    try {
      await Promise.all(workers.map(worker => doneBy(worker, job)));
    } catch (cause) {
      await close();
      throw new SemblanceError('index_unavailable', 'A thread that scans the index failed', { cause });
    }
  };

  return {
    run(job) {
      const done = last.then(() => runNow(job));
      last = done.catch(() => {});
      return done;
    },
    close,
  };
}

/** The process stays alive for as long as a job runs. */
function doneBy(worker: Worker, job: ScanJob): Promise<void> {
  return new Promise((resolve, reject) => {
    const settled = (): void => {
      worker.off('message', settled).off('error', settled).off('exit', settled).unref();
    };
    worker.ref();
    worker.once('message', () => {
      settled();
      resolve();
    });
    worker.once('error', error => {
      settled();
      reject(error);
    });
    worker.once('exit', code => {
      settled();
      reject(new Error(`exit ${code}`));
    });
    worker.postMessage(job);
  });
}
