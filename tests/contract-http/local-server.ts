import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localAppDeps } from '../../functions/local/app-deps.ts';
import { openLocal } from '../../functions/local/compose.ts';
import { serve } from '../../functions/local/serve.ts';
import { createApp } from '../../functions/search/app.ts';
import type { AccessRules, AppDeps } from '../../functions/search/deps.ts';
import { parseConfig } from '../../shared/config.ts';
import { startWorkers } from '../../shared/indexing/workers.ts';
import type { Log } from '../../shared/log.ts';
import type { Server } from './server.ts';

export type LocalServer = Server & {
  readonly deps: AppDeps;
  readonly log: readonly LogLine[];
  /** Folder of the images that are indexed; empty at first. */
  readonly images: string;
  /** Resolves when the queue is drained. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

export type LogLine = { readonly level: string; readonly message: string } & Record<string, unknown>;

export type LocalServerOptions = {
  readonly access?: Partial<AccessRules>;
  readonly deps?: Partial<AppDeps>;
  /** Whether words in images are read; default false, which saves a second. */
  readonly words?: boolean;
};

const BOTH_TOKENS = { accessTokens: ['read-me'], adminTokens: ['rule-me'] };

/** The product on a random port of this machine, on its embedded parts and the demo model, with no images yet. */
export async function startLocalServer(options: LocalServerOptions = {}): Promise<LocalServer> {
  const { access = BOTH_TOKENS, words = false } = options;
  const root = await mkdtemp(join(tmpdir(), 'semblance-api-'));
  const images = join(root, 'images');
  await mkdir(images);
  const config = parseConfig({
    SEMBLANCE_DATA: join(root, 'data'),
    SEMBLANCE_MODEL: 'demo',
    SEMBLANCE_OCR: words ? 'on' : 'off',
  });
  const lines: LogLine[] = [];
  const log = memoryLog(lines);
  const local = await openLocal({ config, folder: images, log });
  const workers = startWorkers({ ...local, concurrency: 2, log, pollEvery: 20 });
  const closing = new AbortController();
  const made = localAppDeps({ local, config, page: null, log, closing: closing.signal });
  const deps = { ...made, access: { ...made.access, ...access }, ...options.deps };
  const server = await serve(createApp(deps), { host: '127.0.0.1', port: 0 });
  return {
    baseUrl: server.url,
    accessToken: access.accessTokens?.[0],
    adminToken: access.adminTokens?.[0],
    deps,
    log: lines,
    images,
    idle: () => workers.idle(),
    async close() {
      closing.abort();
      await Promise.all([server.close(0), workers.stop()]);
      await local.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function memoryLog(lines: LogLine[]): Log {
  const at =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      lines.push({ ...fields, level, message });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
