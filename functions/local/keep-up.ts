import { SemblanceError } from '../../shared/errors.ts';
import { sweep } from '../../shared/indexing/sweep.ts';
import type { SweepReport } from '../../shared/indexing/sweep-options.ts';
import { type Watcher, watchFolder } from '../../shared/indexing/watch.ts';
import type { Log } from '../../shared/log.ts';
import { counted, type ProgressLine } from '../../shared/progress.ts';
import type { Local } from './compose.ts';
import { failureText } from './failure.ts';
import { passedOverText } from './progress-text.ts';
import { tidy } from './tidy.ts';

export type KeepUpOptions = {
  /** A folder that is not watched. */
  readonly exclude: string;
  readonly line: ProgressLine;
  readonly log: Log;
  readonly signal: AbortSignal;
};

export type KeptUp = {
  /** Resolves when the first comparison has queued what differs. */
  readonly caughtUp: Promise<void>;
  stop(): Promise<void>;
};

/** ms between looks for images whose next try is due, after the machine was too busy for them. */
const RETRY_EVERY = 60_000;
const DAY = 86_400_000;
/** ms in which changes that only a sweep can find are waited for. */
const UNNAMED_AFTER = 2_000;

/**
 * Keeps the index in step with the folder: watches it, and compares all of it at the start, once a day, and when the
 * index was rebuilt, the folder was away, or something without a key changed. Queues what is to be tried again,
 * and deletes what has been in the trash for a month.
 */
export async function keepUp(local: Local, options: KeepUpOptions): Promise<KeptUp> {
  const { exclude, line, log, signal } = options;
  const watch = (): Promise<Watcher> =>
    watchFolder({
      folder: local.data.source,
      exclude,
      send: (keys, what) => local.queue.send(keys, { turn: what === 'removed' ? 'removal' : 'event' }),
      unnamed: sweepShortly,
      log,
      signal,
    });
  let shortly: NodeJS.Timeout | undefined;
  function sweepShortly(): void {
    clearTimeout(shortly);
    shortly = setTimeout(sweepSoon, UNNAMED_AFTER).unref();
  }

  line.update('Looking at the folder');
  let watcher = await watch();
  const caughtUp = catchUp(local, options);
  let last = caughtUp;
  /** One comparison after the other. */
  function sweepSoon(): void {
    last = last.then(() => (signal.aborted ? undefined : catchUp(local, options)));
  }

  let isAway = false;
  const unsubscribe = local.events.subscribe(event => {
    if (event.type === 'paused') isAway = event.code === 'folder_missing';
    if (event.type !== 'resumed' || !isAway) return;
    isAway = false;
    // A watcher of the folder that went away gets no events of the one that came back.
    last = last
      .then(() => watcher.close())
      .then(async () => {
        watcher = await watch();
      })
      .catch(error => log.error('The folder is back, and can not be watched', { error }));
    sweepSoon();
  });
  local.onIndexMade(sweepSoon);
  const everyDay = () => {
    sweepSoon();
    last = last.then(() => tidy({ ...local, log }));
  };
  const tidied = tidy({ ...local, log });
  const timers = [
    setInterval(() => void retryDue(local, log), RETRY_EVERY).unref(),
    setInterval(everyDay, DAY).unref(),
  ];

  return {
    caughtUp,
    async stop() {
      for (const timer of timers) clearInterval(timer);
      clearTimeout(shortly);
      unsubscribe();
      await Promise.all([last, tidied]);
      await watcher.close();
    },
  };
}

async function retryDue({ library }: Local, log: Log): Promise<void> {
  try {
    await library.queueDue();
  } catch (error) {
    log.warn('Images could not be queued for their next try', { error });
  }
}

/** Finds what changed while nothing watched. Whatever comes between, a drive unmounted, say: the app goes on serving. */
async function catchUp(local: Local, { line, log, signal }: KeepUpOptions): Promise<void> {
  try {
    const report = await sweep(local.sweepDeps, {
      signal,
      words: local.ocrText !== null,
      onProgress: compared => line.update(`Looking at the folder: ${counted(compared, 'image')}`),
    });
    line.end('');
    line.print(sentence(report));
    const passedOver = passedOverText(report.passedOver);
    if (passedOver !== '') line.print(passedOver);
  } catch (error) {
    if (signal.aborted) return;
    const message = 'The folder could not be compared with the index';
    log.error(message, { error });
    line.end('');
    line.print(
      failureText(error instanceof SemblanceError ? error : new SemblanceError('internal', message)),
    );
  }
}

function sentence({ objects, queued, failed }: SweepReport): string {
  if (objects === 0) return 'There are no images in this folder yet; it is watched for new ones.';
  const troubled = failed > 0 ? ` ${failed} can't be indexed: see \`npm run semblance -- failures\`.` : '';
  return queued === 0
    ? `${counted(objects, 'image')}, all indexed.${troubled}`
    : `${counted(objects, 'image')}, ${queued} to index; those that are done can be searched already.${troubled}`;
}
