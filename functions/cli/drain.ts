import { startWorkers } from '../../shared/indexing/workers.ts';
import { interrupted } from '../local/interruption.ts';
import { openLog } from '../local/log.ts';
import { progressText } from '../local/progress-text.ts';
import { reportTrouble } from '../local/report-trouble.ts';
import type { Session } from './session.ts';

/** Works off the queue with a progress bar. After Ctrl-C, keys that are not finished go back to the queue. */
export async function drain({ config, local, line, signal }: Session): Promise<{ failed: number }> {
  let failed = 0;
  const unsubscribe = local.events.subscribe(event => {
    if (event.type === 'failed') failed++;
    if (event.type === 'progress') line.update(progressText(event));
  });
  const workers = startWorkers({
    ...local,
    concurrency: local.workers,
    log: reportTrouble(openLog(config), line),
  });
  await Promise.race([workers.idle(), interrupted(signal)]);
  await workers.stop();
  unsubscribe();
  line.end();
  if (signal.aborted) line.print('Interrupted; the same command goes on from here.');
  return { failed };
}
