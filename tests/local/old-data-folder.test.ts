import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { type RunningApp, startApp } from '../../functions/local/start-app.ts';
import { keyId, sha1Hex } from '../../shared/catalog/ids.ts';
import { parseConfig } from '../../shared/config.ts';
import { galleryImage } from './images.ts';

/**
 * A data folder as an earlier version wrote it: its queue had another table with dead letters, its failures other codes,
 * and deleted uploads lay there without a list of them. What it held has to be there in every later version.
 */
const NAMESPACE = '69304c82-667e-4815-9c39-4974111991bc';
const UPLOADED = 'a255157c-dfa5-5d06-9059-134df47c483b';
const DELETED = '243558a0-d4f1-5cbb-bfc3-6b5dff1b6d17';

const quiet = () => {};
let root: string;
let folder: string;
let app: RunningApp | undefined;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'semblance-old-data-')));
  folder = join(root, 'images');
  await mkdir(folder);
  await copyFile(await galleryImage('panda'), join(folder, 'panda.webp'));
  await writeFile(join(folder, 'bad.jpg'), 'no image');
  await writeOldData();
});
afterEach(async () => {
  await app?.stop();
  await rm(root, { recursive: true, force: true });
});

async function writeOldData(): Promise<void> {
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 8);
  const place = join(root, `data/sources/images-${digest}`);
  for (const part of ['originals/uploads', 'originals/_deleted', 'derived/records', 'derived/failures'])
    await mkdir(join(place, part), { recursive: true });
  await writeFile(join(place, 'source.json'), JSON.stringify({ folder, namespace: NAMESPACE }));
  await writeFile(join(place, 'last-used'), '2026-11-23T15:00:00.000Z');
  await writeRecord(place, { key: 'panda.webp', file: await galleryImage('panda') });
  const upload = join(place, `originals/uploads/${UPLOADED}.webp`);
  await copyFile(await galleryImage('rocket'), upload);
  await writeRecord(place, { key: `uploads/${UPLOADED}.webp`, id: UPLOADED, file: upload });
  await copyFile(await galleryImage('pizza'), join(place, `originals/_deleted/${DELETED}.webp`));
  const failed = keyId('bad.jpg', NAMESPACE);
  await writeFile(
    join(place, `derived/failures/${failed}.json`),
    JSON.stringify({
      id: failed,
      key: 'bad.jpg',
      etag: '3-dn5gz9cdr0mm-770tm',
      code: 'image_unsupported',
      message: 'The content is none of the formats that are read.',
      advice: 'Use JPEG, PNG, WebP, GIF, AVIF, TIFF or HEIC.',
      since: '2026-11-23T15:00:00.000Z',
      attempts: 1,
    }),
  );
  const queue = new Database(join(place, 'queue.db'));
  queue.exec(`
    CREATE TABLE message (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'in_work', 'dead')),
      background INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      delivery INTEGER NOT NULL DEFAULT 0,
      visible_at INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX waiting_by_key ON message (key) WHERE state = 'waiting';
    CREATE INDEX by_turn ON message (state, background, visible_at, id);
    CREATE INDEX by_key ON message (key);
    INSERT INTO message (key, state, background, attempts, visible_at)
      VALUES ('panda.webp', 'waiting', 0, 0, 0), ('uploads/${UPLOADED}.webp', 'dead', 0, 3, 0);
  `);
  queue.close();
}

async function writeRecord(
  place: string,
  { key, id = keyId(key, NAMESPACE), file }: { key: string; id?: string; file: string },
): Promise<void> {
  const record = {
    version: 1,
    id,
    key,
    sha1: sha1Hex(await readFile(file)),
    format: 'webp',
    created: '2026-11-23T15:00:00.000Z',
    local: true,
    url: null,
    thumbnail_url: null,
    thumbnail: 'always',
    starred: true,
    categories: ['zoo', '动物'],
    comments: 'a "note"\nof two lines',
    skip_ocr: false,
  };
  await writeFile(join(place, `derived/records/${id}.json`), JSON.stringify(record));
}

const imageSchema = z.object({
  id: z.string(),
  url: z.string(),
  starred: z.boolean(),
  categories: z.array(z.string()).nullable(),
  comments: z.string().nullable(),
});
const foundSchema = z.object({ result: z.array(z.object({ img: imageSchema })) });

async function start(): Promise<{ url: string; printed: string[] }> {
  const printed: string[] = [];
  const config = parseConfig({
    PORT: '0',
    SEMBLANCE_DATA: join(root, 'data'),
    SEMBLANCE_MODEL: 'demo',
    SEMBLANCE_OCR: 'off',
  });
  app = await startApp({
    config,
    folder,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    page: null,
    line: { update: quiet, print: text => printed.push(text), end: quiet },
    signal: new AbortController().signal,
  });
  await app.indexed;
  return { url: app.url, printed };
}

it('keeps ids, stars, categories, comments and uploads of a data folder of an earlier version', async () => {
  const { url } = await start();
  for (const [text, id] of [
    ['panda', keyId('panda.webp', NAMESPACE)],
    ['rocket', UPLOADED],
  ]) {
    const [hit] = foundSchema.parse(await (await fetch(`${url}/search/text/${text}`)).json()).result;
    expect(hit?.img).toMatchObject({
      id,
      starred: true,
      categories: ['zoo', '动物'],
      comments: 'a "note"\nof two lines',
    });
    expect((await fetch(url + hit?.img.url)).status).toBe(200);
  }
});

it('lists what was deleted there in the trash, from where it comes back', async () => {
  const { url } = await start();
  const trash = await (await fetch(`${url}/admin/trash`)).json();
  expect(trash).toMatchObject({ images: [{ id: DELETED }] });
  const restored = await fetch(`${url}/admin/trash/restore`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ids: [DELETED] }),
  });
  expect(await restored.json()).toMatchObject({ results: [{ id: DELETED, ok: true }] });
  await expect.poll(() => app?.local.index.count()).toBe(3);
});

it('lists what failed there with the reason that this version gives', async () => {
  const { url } = await start();
  expect(await (await fetch(`${url}/admin/failures`)).json()).toMatchObject({
    failures: [{ key: 'bad.jpg', code: 'not_an_image' }],
  });
});
