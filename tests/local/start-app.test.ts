import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDataFolder } from '../../functions/local/data-folder.ts';
import { type RunningApp, startApp } from '../../functions/local/start-app.ts';
import { parseConfig } from '../../shared/config.ts';
import type { LibraryEvent } from '../../shared/indexing/library.ts';
import { galleryImage } from './images.ts';

const quiet = () => {};
const responseSchema = z.object({
  result: z.array(
    z.object({
      img: z.object({ id: z.string(), url: z.string(), name: z.string().nullable(), starred: z.boolean() }),
      score: z.number(),
    }),
  ),
});

let root: string;
let folder: string;
let printed: string[];
let apps: RunningApp[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'semblance-local-'));
  folder = join(root, 'My images 图片 🖼️');
  await mkdir(join(folder, 'pets', 'old'), { recursive: true });
  await copyFile(await galleryImage('panda'), join(folder, 'pets', 'old', '熊猫 panda.webp'));
  await copyFile(await galleryImage('rainbow'), join(folder, 'rainbow.webp'));
  await copyFile(await galleryImage('rocket'), join(folder, 'rocket.webp'));
  printed = [];
  apps = [];
});
afterEach(async () => {
  for (const app of apps) await app.stop();
  await rm(root, { recursive: true, force: true });
});

const start = async (environment: Record<string, string> = {}): Promise<RunningApp> => {
  const app = await startApp({
    config: parseConfig({
      PORT: '0',
      SEMBLANCE_DATA: join(root, 'data'),
      SEMBLANCE_MODEL: 'demo',
      SEMBLANCE_OCR: 'off',
      ...environment,
    }),
    folder,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    page: null,
    line: { update: quiet, print: text => printed.push(text), end: quiet },
    signal: new AbortController().signal,
  });
  apps.push(app);
  return app;
};

const stop = async (app: RunningApp) => {
  apps = apps.filter(other => other !== app);
  await app.stop();
};

const search = async (app: RunningApp, text: string) => {
  const response = await fetch(`${app.url}/search/text/${encodeURIComponent(text)}`);
  return responseSchema.parse(await response.json()).result;
};

const firstName = async (app: RunningApp, text: string) => (await search(app, text))[0]?.img.name;

/** Resolves with the next event that fits. */
const next = (app: RunningApp, fits: (event: LibraryEvent) => boolean): Promise<LibraryEvent> =>
  new Promise(resolve => {
    const unsubscribe = app.local.events.subscribe(event => {
      if (!fits(event)) return;
      unsubscribe();
      resolve(event);
    });
  });

/** Resolves when this file is indexed; others may be before it. */
const nextIndexed = (app: RunningApp, key: string): Promise<LibraryEvent> =>
  next(app, event => event.type === 'indexed' && event.key === key);

describe('a folder of images', () => {
  it('is embedded, and searched for, outside of the thread that responds', async () => {
    const app = await start();
    await app.indexed;
    expect(await firstName(app, 'panda')).toBe('熊猫 panda.webp');
    const modules = Object.keys(createRequire(import.meta.url).cache);
    expect(modules.filter(file => file.includes('onnxruntime-node'))).toEqual([]);
  });

  it('can be searched in English and Chinese, its images load, and it is never written to', async () => {
    const before = await readdir(folder, { recursive: true });
    const app = await start();
    await app.indexed;

    expect(await firstName(app, 'panda')).toBe('熊猫 panda.webp');
    expect(await firstName(app, '彩虹')).toBe('rainbow.webp');
    const [hit] = await search(app, 'rocket');
    const image = await fetch(app.url + hit?.img.url);
    expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(await readdir(folder, { recursive: true })).toEqual(before);
  });

  it('is searchable at once at the second start', async () => {
    const first = await start();
    await first.indexed;
    await stop(first);

    const second = await start();
    expect(await firstName(second, 'panda')).toBe('熊猫 panda.webp');
  });

  it('is watched: what is added, renamed and deleted shows by itself, and a star outlives a rename', async () => {
    const app = await start();
    await app.indexed;
    const added = nextIndexed(app, 'pizza.webp');
    await copyFile(await galleryImage('pizza'), join(folder, 'pizza.webp'));
    await added;

    const [pizza] = await search(app, 'pizza');
    const starred = await fetch(`${app.url}/admin/update_opt/${pizza?.img.id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"starred":true}',
    });
    expect(starred.status).toBe(200);
    const renamed = nextIndexed(app, 'dinner.webp');
    const removed = next(app, event => event.type === 'removed' && event.key === 'pizza.webp');
    await rename(join(folder, 'pizza.webp'), join(folder, 'dinner.webp'));
    await Promise.all([renamed, removed]);
    await expect
      .poll(async () => (await search(app, 'pizza'))[0]?.img)
      .toMatchObject({ name: 'dinner.webp', starred: true });

    const gone = next(app, event => event.type === 'removed' && event.key === 'dinner.webp');
    await rm(join(folder, 'dinner.webp'));
    await gone;
    expect((await search(app, 'pizza')).map(({ img }) => img.name)).not.toContain('dinner.webp');
  });

  it('may be away for a while, as a drive is: one line says so, no path goes out, and then all goes on', async () => {
    const app = await start();
    await app.indexed;
    const [hit] = await search(app, 'rocket');
    const away = `${folder} away`;
    await rename(folder, away);
    await expect.poll(() => printed.join('\n')).toMatch(/is not there, or its drive/);
    const image = await fetch(app.url + hit?.img.url);
    expect(image.status).toBe(503);
    expect(await image.text()).not.toContain(root);
    expect((await fetch(`${app.url}/static/thumbnails/${hit?.img.id}.webp`)).status).toBe(200);
    expect(await app.local.index.count()).toBe(3);
    expect(printed.filter(text => text.includes('is not there'))).toHaveLength(1);

    const resumed = next(app, event => event.type === 'resumed');
    await copyFile(await galleryImage('pizza'), join(away, 'pizza.webp'));
    await rename(away, folder);
    await resumed;
    expect((await fetch(app.url + hit?.img.url)).status).toBe(200);
    await expect.poll(() => app.local.index.count()).toBe(4);
    const added = nextIndexed(app, 'second.webp');
    await copyFile(await galleryImage('pizza'), join(folder, 'second.webp'));
    await added;
  });

  it('lists files whose names are no text, and finds those that come while it is watched', async () => {
    const app = await start();
    await app.indexed;
    const named = (name: string) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
    await copyFile(await galleryImage('pizza'), named('Gro\xdf.webp'));
    const keys = async () =>
      (await app.local.library.failures()).failures.map(({ key, code }) => `${key} ${code}`);
    await expect.poll(keys).toEqual(['Gro\\xdf.webp name_not_utf8']);
    expect(await app.local.library.retry()).toBe(0);
    await rename(named('Gro\xdf.webp'), join(folder, 'Groß.webp'));
    await expect.poll(() => app.local.index.count()).toBe(4);
    await expect.poll(keys).toEqual([]);
  });

  it('may hold files that are no images, loops of links and hidden folders', async () => {
    await writeFile(join(folder, 'empty.jpg'), '');
    await writeFile(join(folder, 'letter.jpg'), 'Dear Sir or Madam');
    await mkdir(join(folder, '.hidden'));
    await copyFile(await galleryImage('pizza'), join(folder, '.hidden', 'pizza.webp'));
    await symlink(folder, join(folder, 'loop'));
    const app = await start();
    await app.indexed;

    const failures = z
      .object({ failures: z.array(z.object({ key: z.string(), code: z.string() })) })
      .parse(await (await fetch(`${app.url}/admin/failures`)).json()).failures;
    expect(Object.fromEntries(failures.map(({ key, code }) => [key, code]))).toEqual({
      'empty.jpg': 'image_empty',
      'letter.jpg': 'not_an_image',
    });
    expect(await app.local.index.count()).toBe(3);
  });
});

describe('an upload', () => {
  it('is there after a restart, and the same bytes again are a duplicate', async () => {
    const upload = async (app: RunningApp) => {
      const body = new FormData();
      body.append('image_file', new Blob([image], { type: 'image/webp' }), 'pizza.webp');
      return fetch(`${app.url}/admin/upload?local=true`, { method: 'POST', body });
    };
    const image = await readFile(await galleryImage('pizza'));
    const first = await start();
    expect((await upload(first)).status).toBe(200);
    await stop(first);

    const second = await start();
    expect((await upload(second)).status).toBe(409);
    await second.indexed;
    const [hit] = await search(second, 'pizza');
    expect(hit?.img.url).toMatch(/^\/static\/[0-9a-f-]{36}\.webp$/);
    expect((await fetch(second.url + hit?.img.url)).status).toBe(200);
  });
});

describe('what goes wrong', () => {
  it('says that a folder is not there', async () => {
    folder = join(root, 'nowhere');
    await expect(start()).rejects.toMatchObject({ code: 'folder_missing' });
  });

  it('says that a port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(start({ PORT: String(port) })).rejects.toMatchObject({ code: 'port_in_use' });
    server.close();
  });

  it('says that an empty folder is empty, and goes on watching it', async () => {
    folder = join(root, 'empty');
    await mkdir(folder);
    const app = await start();
    await app.indexed;
    expect(printed.join('\n')).toContain('There are no images in this folder yet');
    const added = nextIndexed(app, 'pizza.webp');
    await copyFile(await galleryImage('pizza'), join(folder, 'pizza.webp'));
    await added;
  });

  it('keeps the index of a folder that seems emptied, and says what to do', async () => {
    for (const part of ['pizza', 'elephant', 'guitar']) {
      await copyFile(await galleryImage(part), join(folder, `${part}.webp`));
    }
    const first = await start();
    await first.indexed;
    await stop(first);
    await rm(folder, { recursive: true });
    await mkdir(folder);

    const second = await start();
    await second.indexed;
    expect(printed.join('\n')).toMatch(/reconcile --allow-drop/);
    expect(await second.local.index.count()).toBe(6);
  });

  it('keeps a damaged index aside and rebuilds it', async () => {
    const first = await start();
    await first.indexed;
    await stop(first);
    const { indexFile } = await openDataFolder(join(root, 'data'), folder);
    await writeFile(indexFile(first.local.model.fingerprint), 'no database '.repeat(1_000));

    const second = await start();
    await second.indexed;
    expect(printed.join('\n')).toMatch(/The index was damaged; it is kept as .*damaged/);
    expect(await firstName(second, 'panda')).toBe('熊猫 panda.webp');
  });

  it('stops while images are in work and goes on at the next start', async () => {
    const first = await start();
    await pause(0);
    await stop(first);
    const second = await start();
    await second.indexed;
    expect(await second.local.index.count()).toBe(3);
  });
});
