/** The thread of cpu-watch.ts: sleeps while there is no image, and looks now and then while there is one. */
import { workerData } from 'node:worker_threads';
import { cpuTime } from '../cpu-time.ts';

/** ms between looks; an image may take so much longer. */
const LOOK_EVERY = 100;

const { shared, parent }: { shared: SharedArrayBuffer; parent: number } = workerData;
const limitAt = new Int32Array(shared);
// Windows knows no such signal
const signal = process.platform === 'win32' ? 'SIGKILL' : 'SIGVTALRM';

for (;;) {
  Atomics.wait(limitAt, 0, 0);
  const limit = Atomics.load(limitAt, 0);
  if (limit > 0 && (cpuTime() > limit || process.ppid !== parent)) process.kill(process.pid, signal);
  Atomics.wait(limitAt, 0, limit, LOOK_EVERY);
}
