import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDataFolder } from './data-folder.ts';

let root: string;
let images: string;
const data = () => join(root, 'data');

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'semblance-data-'));
  images = join(root, 'images');
  await mkdir(images);
});
afterEach(() => rm(root, { recursive: true, force: true }));

it('all who open a new folder at once get the same namespace, and so does who comes later', async () => {
  const opened = await Promise.all(Array.from({ length: 8 }, () => openDataFolder(data(), images)));
  opened.push(await openDataFolder(data(), images));
  expect(new Set(opened.map(({ namespace }) => namespace)).size).toBe(1);
  const [first] = opened;
  expect(await readdir(dirname(first?.queueFile ?? ''))).toEqual(['receiving', 'source.json']);
});

it('a damaged source.json is never replaced: the ids of all images hang on it', async () => {
  const { queueFile } = await openDataFolder(data(), images);
  await writeFile(join(dirname(queueFile), 'source.json'), '{"folder":');
  await expect(openDataFolder(data(), images)).rejects.toMatchObject({ code: 'bad_configuration' });
});

it('a data folder that is a file is reported as one that cannot be written', async () => {
  await writeFile(data(), '');
  await expect(openDataFolder(data(), images)).rejects.toMatchObject({ code: 'data_read_only' });
});

it.skipIf(process.getuid?.() === 0)(
  'says of a folder that may not be opened, and of data, whose they are',
  async () => {
    await chmod(images, 0o300);
    await expect(openDataFolder(data(), images)).rejects.toMatchObject({ code: 'folder_missing' });
    await chmod(images, 0o700);
    await mkdir(join(data(), 'sources'), { recursive: true });
    await chmod(data(), 0);
    await expect(openDataFolder(data(), images)).rejects.toMatchObject({ code: 'data_read_only' });
    await chmod(data(), 0o700);
  },
);
