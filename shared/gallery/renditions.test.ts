import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openFolderStore } from '../objects/folder-store.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { forgetRenditions, openRenditions, renditionKey } from './renditions.ts';

const ID = 'b3aff1e9-8085-5300-8e06-37b522384659';
const imageWith = (etag: string) => ({ id: ID, payload: { etag } });

let folder: string;
let derived: ObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-renditions-'));
  derived = await openFolderStore(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const keys = async (): Promise<string[]> => {
  const found: string[] = [];
  for await (const { key } of derived.list('renditions/')) found.push(key);
  return found;
};

it('a rendition is made once, however many ask at once, and again when the file changes', async () => {
  let made = 0;
  const renditions = openRenditions({ derived, render: async () => Uint8Array.of(++made) });
  await Promise.all(Array.from({ length: 5 }, () => renditions.ensure(imageWith('one'))));
  await renditions.ensure(imageWith('one'));
  expect(made).toBe(1);
  await renditions.ensure(imageWith('two'));
  expect(made).toBe(2);
  expect(await keys()).toEqual([renditionKey(ID, { etag: 'two' })]);
});

it('a failure is reported, and the next request tries again', async () => {
  let fails = true;
  const renditions = openRenditions({
    derived,
    async render() {
      if (fails) throw new Error('busy');
      return Uint8Array.of(1);
    },
  });
  await expect(renditions.ensure(imageWith('one'))).rejects.toThrow('busy');
  fails = false;
  await renditions.ensure(imageWith('one'));
  expect(await keys()).toHaveLength(1);
});

it('old ones are forgotten', async () => {
  const renditions = openRenditions({ derived, render: async () => Uint8Array.of(1) });
  await renditions.ensure(imageWith('one'));
  expect(await forgetRenditions(derived)).toBe(0);
  const [key = ''] = await keys();
  await utimes(join(folder, key), 0, 0);
  expect(await forgetRenditions(derived)).toBe(1);
  expect(await keys()).toEqual([]);
});
