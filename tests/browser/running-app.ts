import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningApp, startApp } from '../../functions/local/start-app.ts';
import { loadPage } from '../../functions/search/page.ts';
import { parseConfig } from '../../shared/config.ts';

const quiet = () => {};

/** The local app on a free port, quiet and with the demo model. */
export async function startQuietly(
  folder: string,
  data: string,
  environment: Record<string, string> = {},
): Promise<RunningApp> {
  const config = parseConfig({
    HOST: '127.0.0.1',
    PORT: '0',
    SEMBLANCE_DATA: data,
    SEMBLANCE_MODEL: 'demo',
    ...environment,
  });
  return startApp({
    config,
    folder,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    page: await loadPage(join(import.meta.dirname, '../../web/dist')),
    line: { update: quiet, print: quiet, end: quiet },
    signal: new AbortController().signal,
  });
}

/**
 * The local app on a folder of images, with its data in a folder that goes when it stops.
 * @param indexed a data folder, of which it begins with a copy
 */
export async function runApp(
  folder: string,
  environment: Record<string, string> = {},
  indexed?: string,
): Promise<RunningApp> {
  const data = await mkdtemp(join(tmpdir(), 'semblance-browser-'));
  if (indexed) await cp(indexed, data, { recursive: true });
  const app = await startQuietly(folder, data, environment);
  return {
    ...app,
    async stop() {
      await app.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}
