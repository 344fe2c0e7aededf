import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { VISION } from '../../shared/catalog/collection.ts';
import type { Config } from '../../shared/config.ts';
import { unlessAbsent } from '../../shared/file-error.ts';
import { startWorkers, type Workers } from '../../shared/indexing/workers.ts';
import type { Log } from '../../shared/log.ts';
import type { PullEvent } from '../../shared/models/pull.ts';
import { counted, type ProgressLine } from '../../shared/progress.ts';
import { measureFits } from '../../shared/search/search.ts';
import { createApp } from '../search/app.ts';
import type { Page } from '../search/page.ts';
import { localAppDeps } from './app-deps.ts';
import { GALLERY, type Local, openLocal } from './compose.ts';
import { indexReporter } from './index-report.ts';
import { keepUp } from './keep-up.ts';
import { indexedText, progressText } from './progress-text.ts';
import { reachText } from './reach.ts';
import { reportTrouble } from './report-trouble.ts';
import { serve } from './serve.ts';

export type StartOptions = {
  readonly config: Config;
  readonly folder: string;
  /** Where the folder was when it was indexed. */
  readonly movedFrom?: string | undefined;
  readonly log: Log;
  readonly page: Page | null;
  /** Where people read how it goes. */
  readonly line: ProgressLine;
  readonly onPull?: (event: PullEvent) => void;
  /** Aborts a download or sweep under way. */
  readonly signal: AbortSignal;
};

export type RunningApp = {
  readonly url: string;
  readonly local: Local;
  /** Resolves when all that the first sweep found is indexed. */
  readonly indexed: Promise<void>;
  stop(): Promise<void>;
};

/** ms that requests and images under way get to finish. */
const GRACE = 5_000;

/**
 * Serves at once, then catches up with the folder and watches it: what is indexed already is searchable from
 * the first second.
 */
export async function startApp(options: StartOptions): Promise<RunningApp> {
  const { config, log, line, page, signal } = options;
  const local = await openLocal({ ...options, onRowsRead: indexReporter(line) });
  const closing = new AbortController();
  try {
    let workers: Workers | null = null;
    const indexingTrouble = () => workers?.trouble() ?? null;
    const app = createApp(
      localAppDeps({ local, config, page, log, closing: closing.signal, indexingTrouble }),
    );
    // Before any request can come: a first search does not wait for a model, and a damaged one is reported here.
    await Promise.all([dropUnfinished(local.data.receiving), local.text.encodeText('warm')]);
    const server = await serve(app, config);
    // Of words it is measured at their first search, which loads their model.
    measureFits(local.search, [VISION]).catch((error: unknown) => {
      if (!closing.signal.aborted) log.warn('How well images fit is not known yet', { error });
    });
    greet(options, local, server.url);
    const unsubscribe = showProgress(local, line, log);
    const started = startWorkers({ ...local, concurrency: local.workers, log: reportTrouble(log, line) });
    workers = started;
    const kept = await keepUp(local, {
      exclude: config.dataFolder,
      line,
      log,
      signal: AbortSignal.any([signal, closing.signal]),
    });
    const indexed = kept.caughtUp.then(() => started.idle());
    return {
      url: server.url,
      local,
      indexed,
      async stop() {
        closing.abort();
        unsubscribe();
        await kept.stop();
        await Promise.all([server.close(GRACE), started.stop(GRACE)]);
        await local.close();
        line.end();
      },
    };
  } catch (error) {
    await local.close();
    throw error;
  }
}

/** ms; no upload is read for so long, so a younger file may be one that another process is reading now. */
const UNFINISHED_AFTER = 3_600_000;

/** Uploads during which an earlier process ended; no client got a response that says they are stored. */
async function dropUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const found = await unlessAbsent(stat(file));
    if (found && found.mtimeMs < Date.now() - UNFINISHED_AFTER)
      await rm(file, { recursive: true, force: true });
  }
}

function greet({ line, config }: StartOptions, local: Local, url: string): void {
  const what = local.folder === GALLERY ? 'the demo gallery' : local.data.source;
  line.print(`Semblance: ${what}, searched with ${local.model.name}`);
  if (local.data.notice) line.print(local.data.notice);
  if (local.fallback) line.print(local.fallback.statement);
  if (local.damagedIndex) {
    line.print(`The index was damaged; it is kept as ${local.damagedIndex} and rebuilt from your images.`);
  }
  line.print(`Open ${url}  (Ctrl-C stops)`);
  for (const text of reachText(config, Number(new URL(url).port || 80))) line.print(text);
}

function showProgress({ events, library }: Local, line: ProgressLine, log: Log): () => void {
  return events.subscribe(event => {
    if (event.type !== 'progress') return;
    if (event.done < event.total) line.update(progressText(event));
    else if (event.stage === 'words') line.end(`The words in ${counted(event.total, 'image')} are read.`);
    else {
      line.end('');
      Promise.all([library.counts(), library.failures({ count: Number.POSITIVE_INFINITY })])
        .then(([{ images }, { failures }]) => line.print(indexedText(images, 0, failures.length)))
        .catch(error => log.warn('The images could not be counted', { error }));
    }
  });
}
