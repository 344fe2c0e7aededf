import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { GALLERY } from '../../functions/local/compose.ts';
import type { RunningApp } from '../../functions/local/start-app.ts';
import { VISION } from '../../shared/catalog/collection.ts';
import { systemCode } from '../../shared/file-error.ts';
import { measureFits } from '../../shared/search/search.ts';
import type {} from '../run-folder.ts';
import { runApp, startQuietly } from './running-app.ts';

const WITHOUT_WORDS = { SEMBLANCE_OCR: 'off' };

/**
 * The local app on the demo gallery, with a copy of an index that is made once in a run of the tests: whoever comes
 * first makes it.
 */
export async function runGallery(environment: Record<string, string> = {}): Promise<RunningApp> {
  const indexed = await madeOnce(join(inject('runFolder'), 'gallery'), async data => {
    const app = await startQuietly(GALLERY, data, WITHOUT_WORDS);
    await app.indexed;
    await app.stop();
  });
  const app = await runApp(GALLERY, { ...WITHOUT_WORDS, ...environment }, indexed);
  await app.indexed;
  // Until it is measured what fits, search responses are different.
  await measureFits(app.local.search, [VISION]);
  return app;
}

/** Fills a folder once, whoever of several processes asks first; the others wait until it is there. */
async function madeOnce(folder: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const unfinished = `${folder}.unfinished`;
  while (!existsSync(folder)) {
    if (!(await isMadeNow(unfinished))) {
      await sleep(50);
      continue;
    }
    try {
      await fill(unfinished);
      await rename(unfinished, folder);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      throw error;
    }
  }
  return folder;
}

/** Whether this call made the folder; false where another one has. */
async function isMadeNow(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}
