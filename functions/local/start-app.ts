import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../shared/config.ts';
import { SemblanceError } from '../../shared/errors.ts';
import { unlessAbsent } from '../../shared/file-error.ts';
import { forgetRenditions } from '../../shared/gallery/renditions.ts';
import { type SweepReport, sweep } from '../../shared/indexing/sweep.ts';
import { watchFolder } from '../../shared/indexing/watch.ts';
import { startWorkers, type Workers } from '../../shared/indexing/workers.ts';
import type { Log } from '../../shared/log.ts';
import type { PullEvent } from '../../shared/models/pull.ts';
import type { ProgressLine } from '../../shared/progress.ts';
import { createApp } from '../search/app.ts';
import type { Page } from '../search/page.ts';
import { localAppDeps } from './app-deps.ts';
import { GALLERY, type Local, openLocal } from './compose.ts';
import { failureText } from './failure.ts';
import { passedOverText, progressText } from './progress-text.ts';
import { reachText } from './reach.ts';
import { serve } from './serve.ts';
import { tellTrouble } from './tell-trouble.ts';

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
  const local = await openLocal(options);
  const closing = new AbortController();
  try {
    let workers: Workers | null = null;
    const indexingTrouble = () => workers?.trouble() ?? null;
    const app = createApp(
      localAppDeps({ local, config, page, log, closing: closing.signal, indexingTrouble }),
    );
    await dropUnfinished(local.data.receiving);
    await forgetRenditions(local.derived);
    // Before anyone can ask: loading the tower holds up the thread for a moment.
    await local.text.encodeText('warm');
    const server = await serve(app, config);
    greet(options, local, server.url);
    const unsubscribe = showProgress(local, line, log);
    const started = startWorkers({ ...local, concurrency: local.workers, log: tellTrouble(log, line) });
    workers = started;
    line.update('Looking at the folder');
    const watcher = await watchFolder({
      folder: local.data.source,
      exclude: config.dataFolder,
      send: (keys, what) => local.queue.send(keys, { turn: what === 'removed' ? 'removal' : 'event' }),
      log,
      signal,
    });
    const stopSweep = AbortSignal.any([signal, closing.signal]);
    let sweeping = catchUp(local, line, log, stopSweep);
    local.onIndexMade(() => {
      sweeping = sweeping.then(() => catchUp(local, line, log, stopSweep));
    });
    const indexed = sweeping.then(() => started.idle());
    const retrying = setInterval(() => void retryDue(local, log), RETRY_EVERY).unref();
    return {
      url: server.url,
      local,
      indexed,
      async stop() {
        closing.abort();
        clearInterval(retrying);
        unsubscribe();
        await Promise.all([watcher.close(), sweeping]);
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

/** ms between looks for images whose next try is due, after the machine was too busy for them. */
const RETRY_EVERY = 60_000;

async function retryDue({ library }: Local, log: Log): Promise<void> {
  try {
    await library.queueDue();
  } catch (error) {
    log.warn('Images could not be queued for their next try', { error });
  }
}

/** ms; no upload is read for so long, so a younger file may be one that another process is reading now. */
const UNFINISHED_AFTER = 3_600_000;

/** Uploads that an earlier process was cut off in; nobody was told that they are stored. */
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
    line.print(`The index was damaged; it is kept as ${local.damagedIndex} and built anew from your images.`);
  }
  line.print(`Open ${url}  (Ctrl-C stops)`);
  for (const text of reachText(config, Number(new URL(url).port || 80))) line.print(text);
}

/** Finds what changed while nothing watched. Whatever comes between, a drive unmounted, say: the app goes on serving. */
async function catchUp(local: Local, line: ProgressLine, log: Log, signal: AbortSignal): Promise<void> {
  try {
    const report = await sweep(local.sweepDeps, {
      signal,
      words: local.ocrText !== null,
      onProgress: compared => line.update(`Looking at the folder: ${compared} images`),
    });
    line.end('');
    line.print(sentence(report));
    const passedOver = passedOverText(report.passedOver);
    if (passedOver !== '') line.print(passedOver);
  } catch (error) {
    if (signal.aborted) return;
    const told = 'The folder could not be compared with the index';
    log.error(told, { error });
    line.end('');
    line.print(failureText(error instanceof SemblanceError ? error : new SemblanceError('internal', told)));
  }
}

function sentence({ objects, queued, failed }: SweepReport): string {
  if (objects === 0) return 'There are no images in this folder yet; it is watched for new ones.';
  const troubled = failed > 0 ? ` ${failed} can't be indexed: see \`npm run semblance -- failures\`.` : '';
  return queued === 0
    ? `${objects} images, all indexed.${troubled}`
    : `${objects} images, ${queued} to index; those that are done can be searched already.${troubled}`;
}

function showProgress({ events, library }: Local, line: ProgressLine, log: Log): () => void {
  return events.subscribe(event => {
    if (event.type !== 'progress') return;
    if (event.done < event.total) line.update(progressText(event));
    else if (event.stage === 'words') line.end(`The words in ${event.total} images are read.`);
    else {
      line.end('');
      library
        .counts()
        .then(({ images }) => line.print(`${images} images indexed.`))
        .catch(error => log.warn('The images could not be counted', { error }));
    }
  });
}
