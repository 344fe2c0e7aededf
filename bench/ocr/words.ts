/**
 * `npm run bench:words`: indexes the demo gallery and tells how soon its images can be searched, and what reading
 * words costs.
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

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

await withGallery(async (local, config) => {
  const { sweepDeps, reader } = local;
  const atOnce = createReconcile({ ...sweepDeps, reader, maxBytes: config.maxBytes, ocr: true });
  const { all, images } = await indexAll(local, createKeyWork({ ...sweepDeps, reconcile: atOnce }));
  console.log(
    `words with the images   ${images} images searchable after ${all.seconds} s, ` +
      `${((all.cpu / images) * 1000).toFixed(0)} ms of CPU each`,
  );
});

await withGallery(async local => {
  const { seen, all, images } = await indexAll(local, local.keyWork);
  const cpu = (from: number, to: number) => ((to - from) / images) * 1000;
  console.log(
    `words afterwards          ${images} images searchable after ${seen.seconds} s, their words after ${all.seconds} s`,
  );
  console.log(
    `CPU an image             ${cpu(0, seen.cpu).toFixed(0)} ms, its words ${cpu(seen.cpu, all.cpu).toFixed(0)} ms: ` +
      `${((100 * (all.cpu - seen.cpu)) / all.cpu).toFixed(0)} % of indexing (demo model)`,
  );
  console.log(`${availableParallelism()} cores, load average ${loadavg()[0]?.toFixed(1)}`);
});

async function withGallery(
  work: (local: Local, config: ReturnType<typeof parseConfig>) => Promise<void>,
): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'semblance-bench-words-'));
  const config = parseConfig({ SEMBLANCE_DATA: data });
  const local = await openLocal({ config, folder: GALLERY, log: quiet });
  try {
    await work(local, config);
  } finally {
    await local.close();
    await rm(data, { recursive: true, force: true });
  }
}

type Moment = { readonly seconds: string; readonly cpu: number };

/** When all images had a point (`seen`), and when nothing waited any more. */
async function indexAll(local: Local, keyWork: KeyWork) {
  const began = performance.now();
  const before = process.cpuUsage();
  const moment = (): Moment => {
    const { user, system } = process.cpuUsage(before);
    return { seconds: ((performance.now() - began) / 1000).toFixed(1), cpu: (user + system) / 1e6 };
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
  const all = moment();
  await workers.stop();
  return { seen, all, images: indexed };
}
