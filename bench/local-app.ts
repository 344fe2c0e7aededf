/** The app as `npm start` runs it, in a process of its own, with CLIP ViT-B/32's shape. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { modelCacheFolder } from '../functions/local/data-folder.ts';
import { digestFile } from '../shared/models/download.ts';
import { modelFolder, writeLock } from '../shared/models/model-cache.ts';
import { MODEL_FILES } from '../shared/models/model-folder.ts';
import { resolveModel } from '../shared/models/registry.ts';
import { shapeModelFolder } from './models/shape-model.ts';

const MAIN = join(import.meta.dirname, '../functions/local/main.ts');
const MODEL = 'bench/clip-vit-b32-shape@1';

export type LocalApp = {
  readonly pid: number;
  readonly url: string;
  /** Whether images wait or are in work, to be indexed or for their words. */
  isBusy(): Promise<boolean>;
  stop(): Promise<void>;
};

/** @param data folder of its own data, which is made; resolves once the folder of images was compared */
export async function startLocalApp(images: string, data: string): Promise<LocalApp> {
  await layModel(data);
  const app = spawn(process.execPath, [MAIN, images], {
    env: { ...process.env, PORT: '0', SEMBLANCE_DATA: data, SEMBLANCE_MODEL: MODEL },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(app, 'exit');
  let said = '';
  const ready = Promise.withResolvers<void>();
  app.stderr.on('data', chunk => {
    said += chunk;
    if (/to index;/.test(said)) ready.resolve();
  });
  app.stderr.on('end', () => ready.reject(new Error(said)));
  await ready.promise;
  const url = /http:\/\/\S+/.exec(said)?.[0].replace(/\/$/, '') ?? '';
  return {
    pid: app.pid ?? 0,
    url,
    async isBusy() {
      const info = infoSchema.parse(await (await fetch(`${url}/admin/server_info`)).json());
      return info.index_queue_length + info.in_work > 0;
    },
    async stop() {
      app.kill('SIGINT');
      await exited;
    },
  };
}

const infoSchema = z.object({ index_queue_length: z.number(), in_work: z.number() });

async function layModel(data: string): Promise<void> {
  const folder = modelFolder(resolveModel(MODEL), modelCacheFolder(data));
  await cp(await shapeModelFolder(), folder, { recursive: true });
  const digests = MODEL_FILES.map(async file => [file, await digestFile(join(folder, file))] as const);
  await writeLock(folder, { name: MODEL, files: Object.fromEntries(await Promise.all(digests)) });
}
