/**
 * `npm run bench:words`: indexes the demo gallery and tells how soon its images can be searched, and what reading
 * words costs: CPU time of all processes, and memory of the one that takes most (as Linux tells them).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { GALLERY, type Local, openLocal } from '../../functions/local/compose.ts';
import { parseConfig } from '../../shared/config.ts';
import { createKeyWork, type KeyWork } from '../../shared/indexing/key-work.ts';
import { createReconcile } from '../../shared/indexing/reconcile.ts';
import { sweep } from '../../shared/indexing/sweep.ts';
import { startWorkers } from '../../shared/indexing/workers.ts';
import type { Log } from '../../shared/log.ts';
import { childProcesses, cpuOf, peakOf } from '../processes.ts';
import { KINDS } from './images.ts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

await withFolder(GALLERY, async (local, config) => {
  const { sweepDeps, reader } = local;
  const atOnce = createReconcile({ ...sweepDeps, reader, maxBytes: config.maxBytes, ocr: true });
  const { all, images } = await indexAll(local, createKeyWork({ ...sweepDeps, reconcile: atOnce }));
  console.log(
    `words with the images   ${images} images searchable after ${all.seconds} s, ` +
      `${((all.cpu / images) * 1000).toFixed(0)} ms of CPU each`,
  );
});

await withFolder(GALLERY, async local => {
  const { seen, all, images, peak } = await indexAll(local, local.keyWork);
  const cpu = (from: number, to: number) => ((to - from) / images) * 1000;
  console.log(
    `words afterwards          ${images} images searchable after ${seen.seconds} s, their words after ${all.seconds} s`,
  );
  console.log(
    `CPU an image             ${cpu(0, seen.cpu).toFixed(0)} ms, its words ${cpu(seen.cpu, all.cpu).toFixed(0)} ms: ` +
      `${((100 * (all.cpu - seen.cpu)) / all.cpu).toFixed(0)} % of indexing (demo model)`,
  );
  console.log(`memory of a reader        up to ${megabytes(peak)}`);
  console.log(`${availableParallelism()} cores, load average ${loadavg()[0]?.toFixed(1)}`);
});

await withFolder(KINDS, async local => {
  const { images, peak } = await indexAll(local, local.keyWork);
  console.log(
    `images of bench/ocr/kinds  ${images}, up to 6 megapixels; a reader took up to ${megabytes(peak)}`,
  );
});

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

async function withFolder(
  folder: string,
  work: (local: Local, config: ReturnType<typeof parseConfig>) => Promise<void>,
): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'semblance-bench-words-'));
  const config = parseConfig({ SEMBLANCE_DATA: data });
  const local = await openLocal({ config, folder, log: quiet });
  try {
    await work(local, config);
  } finally {
    await local.close();
    await rm(data, { recursive: true, force: true });
  }
}

/** s since the beginning, of the clock and of CPU time, the readers' included. */
type Moment = { readonly seconds: string; readonly cpu: number };

/** When all images had a point (`seen`), and when nothing waited any more. */
async function indexAll(local: Local, keyWork: KeyWork) {
  const began = performance.now();
  const before = await cpuOf([process.pid]);
  const moment = async (): Promise<Moment> => {
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    return { seconds, cpu: (await cpuOf([process.pid, ...(await childProcesses())])) - before };
  };
  let indexed = 0;
  let seen = moment();
  local.events.subscribe(event => {
    if (event.type !== 'indexed') return;
    indexed++;
    seen = moment();
  });
  const workers = startWorkers({ ...local, keyWork, concurrency: local.workers, log: quiet });
  await sweep(local.sweepDeps);
  await workers.idle();
  const all = await moment();
  const peak = await peakOf(await childProcesses());
  await workers.stop();
  return { seen: await seen, all, images: indexed, peak };
}
