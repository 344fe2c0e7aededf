/** Serves the API on one folder and data folder, and indexes nothing: what is uploaded stays queued. */
import { localAppDeps } from '../../functions/local/app-deps.ts';
import { openLocal } from '../../functions/local/compose.ts';
import { openLog } from '../../functions/local/log.ts';
import { serve } from '../../functions/local/serve.ts';
import { createApp } from '../../functions/search/app.ts';
import { parseConfig } from '../../shared/config.ts';

const [folder = '', dataFolder = ''] = process.argv.slice(2);
const config = parseConfig({
  SEMBLANCE_DATA: dataFolder,
  SEMBLANCE_MODEL: 'demo',
  SEMBLANCE_LOG: 'error',
  SEMBLANCE_OCR: 'off',
});
const log = openLog(config, false);
const local = await openLocal({ config, folder, log });
const app = createApp(
  localAppDeps({ local, config, page: null, log, closing: new AbortController().signal }),
);
const { url } = await serve(app, { host: '127.0.0.1', port: 0 });
process.stdout.write(`${url}\n`);
