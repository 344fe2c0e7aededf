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
  let threads: Thread[] = [];
  let last: Promise<unknown> = Promise.resolve();

  const close = async (): Promise<void> => {
    const closing = threads;
    threads = [];
    await Promise.all(closing.map(thread => thread.close()));
  };

  const runNow = async (job: ScanJob): Promise<void> => {
    if (threads.length === 0)
      threads = Array.from({ length: Math.min(MOST_THREADS, availableParallelism()) }, () =>
        openThread(memory),
      );
    new Int32Array(memory.buffer, 0, 1)[0] = 0;
    try {
      await Promise.all(threads.map(thread => thread.run(job)));
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

type Thread = { run(job: ScanJob): Promise<void>; close(): Promise<unknown> };

/** A thread, which holds the process only while a job runs. */
function openThread(memory: WebAssembly.Memory): Thread {
  const worker = new Worker(new URL('./scan-worker.ts', import.meta.url), { workerData: memory });
  let running: PromiseWithResolvers<void> | undefined;
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    running?.reject(failure);
  };
  let closing = false;
  worker.on('message', () => {
    // A thread that is ended meanwhile must hold the process until it has ended, or nobody is told that it has.
    if (!closing) worker.unref();
    running?.resolve();
  });
  worker.on('error', fail);
  worker.on('exit', code => fail(new Error(`exit ${code}`)));
  worker.unref();
  return {
    run(job) {
      if (failure) return Promise.reject(failure);
      running = Promise.withResolvers();
      worker.ref();
      worker.postMessage(job);
      return running.promise;
    },
    close() {
      closing = true;
      return worker.terminate();
    },
  };
}
