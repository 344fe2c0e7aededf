/** `npm start`: one folder of images, indexed, watched and searchable on this machine. */
import { join } from 'node:path';
import { parseConfig } from '../../shared/config.ts';
import { pullReporter } from '../../shared/models/pull-report.ts';
import { createProgressLine } from '../../shared/progress.ts';
import { loadPage } from '../search/page.ts';
import { parseArguments, type StartArguments } from './arguments.ts';
import { GALLERY } from './compose.ts';
import { reportFailure } from './failure.ts';
import { interrupted, interruption } from './interruption.ts';
import { openLog } from './log.ts';
import { type RunningApp, startApp } from './start-app.ts';

try {
  const given = parseArguments(process.argv.slice(2));
  if (given) await run(given);
} catch (error) {
  process.exitCode = reportFailure(error);
}

async function run({ folder, port, host, movedFrom }: StartArguments): Promise<void> {
  const config = parseConfig({
    ...process.env,
    ...(port === undefined ? {} : { PORT: port }),
    ...(host === undefined ? {} : { HOST: host }),
  });
  const line = createProgressLine(process.stderr);
  const stopping = interruption();
  let app: RunningApp | undefined;
  try {
    app = await startApp({
      config,
      folder: folder ?? GALLERY,
      movedFrom,
      log: openLog(config),
      page: await loadPage(join(import.meta.dirname, '../../web/dist')),
      line,
      onPull: pullReporter(line),
      signal: stopping,
    });
    await interrupted(stopping);
    // To stop on request is no failure, for which npm would print an error.
    process.exitCode = 0;
    const left = await app.local.queue.counts().then(
      ({ waiting, inWork }) => waiting + inWork > 0,
      () => true,
    );
    line.end('');
    line.print(left ? 'Stopping; what is not indexed yet goes on at the next start.' : 'Stopping.');
  } catch (error) {
    if (!stopping.aborted) throw error;
  } finally {
    await app?.stop();
  }
}
