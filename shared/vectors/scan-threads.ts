import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { SemblanceError } from '../errors.ts';
import type { Candidates } from './candidates.ts';
import { MOST_THREADS, type ScanJob } from './scan-job.ts';

/** Threads that scan together, one set for all matrices of an index, while the calling thread does other things. */
export interface ScanThreads {
  /**
   * One job after the other, each in its own memory and by all threads.
   * @returns the candidates of each thread's part
   * @throws index_unavailable where a thread fails; the next job gets new ones
   */
  run(memory: WebAssembly.Memory, job: ScanJob): Promise<Candidates[]>;
  close(): Promise<void>;
}

export function createScanThreads(): ScanThreads {
  let threads: Thread[] = [];
  let last: Promise<unknown> = Promise.resolve();

  const close = async (): Promise<void> => {
    const closing = threads;
    threads = [];
    await Promise.all(closing.map(thread => thread.close()));
  };

  const runNow = async (memory: WebAssembly.Memory, job: ScanJob): Promise<Candidates[]> => {
    if (threads.length === 0)
      threads = Array.from({ length: Math.min(MOST_THREADS, availableParallelism()) }, (_, number) =>
        openThread(number),
      );
    new Int32Array(memory.buffer, 0, 1)[0] = 0;
    try {
      return await Promise.all(threads.map(thread => thread.run(memory, job)));
    } catch (cause) {
      await close();
      throw new SemblanceError('index_unavailable', 'A thread that scans the index failed', { cause });
    }
  };

  return {
    run(memory, job) {
      const done = last.then(() => runNow(memory, job));
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
  // The thread starts without what the process preloads, which takes 3 MB.
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
