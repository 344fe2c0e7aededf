import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GALLERY, openLocal } from '../../functions/local/compose.ts';
import { OCR, VISION } from '../../shared/catalog/collection.ts';
import { parseConfig } from '../../shared/config.ts';
import { sweep } from '../../shared/indexing/sweep.ts';
import { startWorkers } from '../../shared/indexing/workers.ts';
import type { Log } from '../../shared/log.ts';
import { measureFits, type SearchPorts } from '../../shared/search/search.ts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * The demo gallery, indexed anew with the demo model, with what tells how well its images fit.
 * @param words whether the words in its images are read
 */
export async function withGallery(
  { words }: { readonly words: boolean },
  work: (ports: SearchPorts) => Promise<void>,
): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'semblance-bench-gallery-'));
  const config = parseConfig({ SEMBLANCE_DATA: data, SEMBLANCE_OCR: words ? 'on' : 'off' });
  const local = await openLocal({ config, folder: GALLERY, log: quiet });
  try {
    const workers = startWorkers({ ...local, concurrency: local.workers, log: quiet });
    await sweep(local.sweepDeps);
    await workers.idle();
    await workers.stop();
    await measureFits(local.search, [VISION, OCR]);
    await work(local.search);
  } finally {
    await local.close();
    await rm(data, { recursive: true, force: true });
  }
}
