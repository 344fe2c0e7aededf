import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { SemblanceError } from '../errors.ts';
import type { Candidates } from './candidates.ts';
import type { Scan } from './scan.ts';
import { createScanPart, MOST_THREADS, oneOfAll, type ScanJob } from './scan-job.ts';

/**
 * Threads that scan together, one set for all matrices of an index. The calling thread is one of them, since each
 * more takes 12 MB: it scans for 1 ms at a time, and does other things in between.
 */
export interface ScanThreads {
  /**
   * One job after the other, each in its own memory and by all threads.
   * @param scan of this memory
   * @returns the candidates of each thread's part
   * @throws index_unavailable where a thread fails; the next job gets new ones
   */
  run(memory: WebAssembly.Memory, scan: Scan, job: ScanJob): Promise<Candidates[]>;
  close(): Promise<void>;
}

/** ms that the calling thread scans before others get their turn. */
const TURN = 1;

export function createScanThreads(): ScanThreads {
  let threads: Thread[] = [];
  let last: Promise<unknown> = Promise.resolve();

  const close = async (): Promise<void> => {
    const closing = threads;
    threads = [];
    await Promise.all(closing.map(thread => thread.close()));
  };

  const runNow = async (memory: WebAssembly.Memory, scan: Scan, job: ScanJob): Promise<Candidates[]> => {
    if (threads.length === 0) {
      const others = Math.min(MOST_THREADS, availableParallelism()) - 1;
      threads = Array.from({ length: others }, (_, i) => openThread(i + 1));
    }
    const counter = new Int32Array(memory.buffer, 0, 1);
    counter[0] = 0;
    const own = createScanPart(scan, job, memory, oneOfAll(counter));
    const others = Promise.allSettled(threads.map(thread => thread.run(memory, job)));
    while (!own.take(TURN)) await setImmediate();
    const parts = [own.candidates()];
    // only now, so that nobody takes chunks of this job any more when the next begins
    for (const other of await others) {
      if (other.status === 'fulfilled') parts.push(other.value);
      else {
        await close();
        throw new SemblanceError('index_unavailable', 'A thread that scans the index failed', {
          cause: other.reason,
        });
      }
    }
    return parts;
  };

  return {
    run(memory, scan, job) {
      const done = last.then(() => runNow(memory, scan, job));
      last = done.catch(() => {});
      return done;
    },
    close,
  };
}

/** What a thread is told: the job, its number, that of the memory, and with the first job in a memory that itself. */
export type ScanRequest = {
  readonly job: ScanJob;
  readonly thread: number;
  readonly number: number;
  readonly memory: WebAssembly.Memory | undefined;
};

type Thread = {
  run(memory: WebAssembly.Memory, job: ScanJob): Promise<Candidates>;
  close(): Promise<unknown>;
};

/** A thread, which holds the process only while a job runs. */
function openThread(thread: number): Thread {
  // without what the process preloads, which takes 3 MB
  const worker = new Worker(new URL('./scan-worker.ts', import.meta.url), { execArgv: [] });
  /** The memories that it has, in the order of their numbers. */
  const known: WebAssembly.Memory[] = [];
  let running: PromiseWithResolvers<Candidates> | undefined;
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    running?.reject(failure);
  };
  let closing = false;
  worker.on('message', (part: Candidates) => {
    // A thread that is ended meanwhile must hold the process until it has ended, or nobody is told that it has.
    if (!closing) worker.unref();
    running?.resolve(part);
  });
  worker.on('error', fail);
  worker.on('exit', code => fail(new Error(`exit ${code}`)));
  worker.unref();
  return {
    run(memory, job) {
      if (failure) return Promise.reject(failure);
      running = Promise.withResolvers();
      worker.ref();
      const isKnown = known.includes(memory);
      if (!isKnown) known.push(memory);
      const request: ScanRequest = {
        job,
        thread,
        number: known.indexOf(memory),
        memory: isKnown ? undefined : memory,
      };
      worker.postMessage(request);
      return running.promise;
    },
    close() {
      closing = true;
      return worker.terminate();
    },
  };
}
