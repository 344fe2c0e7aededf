import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyId } from '../../shared/catalog/ids.ts';
import { openEmbeddedIndex } from '../../shared/vectors/embedded-index.ts';
import { schema, unitVector } from '../../tests/indexing/domain.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { recognize } from './moved-folder.ts';

let root: string;
let pics: string;
let photos: string;
let data: string;
let first: DataFolder;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'semblance-moved-'));
  pics = join(root, 'pics');
  photos = join(root, 'photos');
  data = join(root, 'data');
  mkdirSync(pics);
  for (let i = 0; i < 20; i++) writeFileSync(join(pics, `${i}.png`), 'x'.repeat(i + 1));
  first = await openDataFolder(data, pics);
  mkdirSync(first.originals, { recursive: true });
  writeFileSync(join(first.originals, 'an-upload.png'), 'kept');
  await indexAll(first, 20);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The embedded index of so many of the files. */
async function indexAll({ indexFile }: DataFolder, files: number): Promise<void> {
  const index = await openEmbeddedIndex({ file: indexFile('model'), schema });
  await index.bootstrap();
  const points = Array.from({ length: files }, (_, i) => ({
    id: keyId(`${i}.png`, first.namespace),
    vectors: { vision: unitVector(`${i}`) },
    payload: { key: `${i}.png`, bytes: i + 1 },
  }));
  await index.upsert(points);
  await index.close();
}

describe('a folder that is opened under another name', () => {
  it.skipIf(process.getuid?.() === 0)('is none of those that may not be looked at', async () => {
    mkdirSync(photos);
    chmodSync(photos, 0o600);
    const known = [{ folder: pics, place: dirname(first.queueFile) }];
    expect(await recognize(photos, known, undefined)).toBeNull();
    chmodSync(photos, 0o700);
    renameSync(pics, join(root, 'closed'));
    mkdirSync(join(root, 'outer'));
    renameSync(join(root, 'closed'), join(root, 'outer', 'pics'));
    chmodSync(join(root, 'outer'), 0);
    const away = [{ folder: join(root, 'outer', 'pics'), place: dirname(first.queueFile) }];
    for (let i = 0; i < 20; i++) writeFileSync(join(photos, `${i}.png`), 'x'.repeat(i + 1));
    expect(await recognize(photos, away, undefined)).toMatchObject({ isThere: true, share: 1 });
    chmodSync(join(root, 'outer'), 0o700);
  });

  it('is recognised by what it holds, and keeps what is known of it', async () => {
    renameSync(pics, photos);
    const moved = await openDataFolder(data, photos);
    expect(moved.namespace).toBe(first.namespace);
    expect(moved.notice).toBe(`This folder was ${pics}; its annotations and uploads are kept.`);
    expect(existsSync(join(moved.originals, 'an-upload.png'))).toBe(true);
    expect((await openDataFolder(data, photos)).notice).toBeNull();
    expect(readdirSync(join(data, 'sources'))).toHaveLength(1);
  });

  it('is recognised though a third of its files changed meanwhile', async () => {
    renameSync(pics, photos);
    for (let i = 0; i < 7; i++) rmSync(join(photos, `${i}.png`));
    expect((await openDataFolder(data, photos)).namespace).toBe(first.namespace);
  });

  it('is recognised though moving what is known of it was cut off half-way', async () => {
    renameSync(pics, photos);
    const other = await openDataFolder(join(root, 'elsewhere'), photos);
    renameSync(
      dirname(first.queueFile),
      join(data, 'sources', dirname(other.queueFile).split('/').at(-1) ?? ''),
    );
    const moved = await openDataFolder(data, photos);
    expect(moved.namespace).toBe(first.namespace);
    expect((await openDataFolder(data, photos)).notice).toBeNull();
  });

  it('is another one where it holds other files, whatever became of the first', async () => {
    mkdirSync(photos);
    for (let i = 0; i < 20; i++) writeFileSync(join(photos, `${i}.png`), 'another size altogether');
    rmSync(pics, { recursive: true });
    const other = await openDataFolder(data, photos);
    expect(other.namespace).not.toBe(first.namespace);
    expect(other.notice).toBeNull();
  });

  it('is reported as a copy where the first folder still exists, and continues it on request', async () => {
    cpSync(pics, photos, { recursive: true });
    const copy = await openDataFolder(data, photos);
    expect(copy.namespace).not.toBe(first.namespace);
    expect(copy.notice).toContain(`--moved-from "${pics}"`);
    writeFileSync(join(dirname(copy.queueFile), 'mine'), 'not to be lost');
    const continued = await openDataFolder(data, photos, { movedFrom: pics });
    expect(continued.namespace).toBe(first.namespace);
    const aside = readdirSync(join(data, 'sources')).filter(name => name.includes('.replaced-'));
    expect(aside).toHaveLength(1);
    expect(existsSync(join(data, 'sources', aside[0] ?? '', 'mine'))).toBe(true);
    // The same command is given again, as from a shell's history.
    expect((await openDataFolder(data, photos, { movedFrom: pics })).namespace).toBe(first.namespace);
  });

  it('is asked about in one sentence where it is unknown what the missing folder contained', async () => {
    rmSync(first.indexFile('model'));
    renameSync(pics, photos);
    const opened = await openDataFolder(data, photos);
    expect(opened.notice).toMatch(/is gone: if it is this folder, start once with --moved-from/);
    expect((await openDataFolder(data, photos, { movedFrom: pics })).namespace).toBe(first.namespace);
  });

  it('is not continued from a folder that was never indexed', async () => {
    await expect(openDataFolder(data, pics, { movedFrom: photos })).resolves.toBeDefined();
    mkdirSync(photos);
    await expect(openDataFolder(data, photos, { movedFrom: join(root, 'none') })).rejects.toMatchObject({
      code: 'invalid_arguments',
    });
  });
});
