import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openReaderPool } from '../shared/images/reader-pool.ts';
import type { LocatedModel } from '../shared/models/model-folder.ts';
import { childProcesses, cpuOf, residentOf } from './processes.ts';

const cores = availableParallelism();
/** Images between two looks at how much memory is resident. */
const LOOK_EVERY = 20;

/**
 * Reads one file again and again by a pool with a process for each core, as indexing does, no words.
 * @returns images a second; CPU s an image, of all processes; their resident bytes at the most; by how many ms the event
 * loop was late
 */
export async function indexImages(file: string, located: LocatedModel, images: number) {
  const pool = openReaderPool({ model: located, maxPixels: 100_000_000, workers: cores });
  const describe = async () => pool.describe(await readFile(file), { ocr: false });
  await Promise.all(Array.from({ length: 4 * cores }, describe));

  const children = await childProcesses();
  const childrenBefore = await cpuOf(children);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const cpu = process.cpuUsage();
  const start = performance.now();
  let left = images;
  let peak = 0;
  await Promise.all(
    Array.from({ length: 2 * cores }, async () => {
      while (left-- > 0) {
        await describe();
        // To look costs time of its own.
        if (left % LOOK_EVERY === 0) peak = Math.max(peak, await residentOf([process.pid, ...children]));
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = ((user + system) / 1e6 + (await cpuOf(children)) - childrenBefore) / images;
  await pool.close();
  return { rate: images / seconds, cpuSeconds, peak, late: delay.max / 1e6 };
}
