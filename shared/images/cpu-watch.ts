import { Worker } from 'node:worker_threads';
import { cpuTime } from '../cpu-time.ts';

/**
 * Ends this process when an image took more than its CPU time, by SIGVTALRM, the signal of such a limit: also
 * while the main thread is inside native code or a loop and hears nothing. The measure is the whole process's,
 * so the threads in which libvips decodes count too. A process whose parent died meanwhile is ended as well.
 */
export type CpuWatch = {
  /** @param limit ms of CPU time from now on */
  begin(limit: number): void;
  end(): void;
};

export function startCpuWatch(): CpuWatch {
  const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  /** ms of this process's CPU time that are the limit; 0 while there is no image. */
  const limitAt = new Int32Array(shared);
  new Worker(new URL('./cpu-watch-thread.ts', import.meta.url), {
    workerData: { shared, parent: process.ppid },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
  }).unref();
  return {
    begin(limit) {
      Atomics.store(limitAt, 0, Math.ceil(cpuTime() + limit));
      Atomics.notify(limitAt, 0);
    },
    end() {
      Atomics.store(limitAt, 0, 0);
    },
  };
}
