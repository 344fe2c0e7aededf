import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openRenditions } from '../../shared/gallery/renditions.ts';
import { openFolderStore } from '../../shared/objects/folder-store.ts';
import type { ObjectStore } from '../../shared/objects/object-store.ts';
import { tidy } from './tidy.ts';

let folder: string;
let derived: ObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-tidy-'));
  derived = await openFolderStore(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const log = { debug() {}, info() {}, warn: vi.fn(), error() {} };
const NOW = new Date('2026-03-31T12:00:00Z');

const renditions = async (): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of derived.list('renditions/')) keys.push(key);
  return keys;
};

it('what was deleted thirty days ago goes for good, and renditions as old', async () => {
  const emptyTrash = vi.fn(async () => 1);
  const kept = openRenditions({ derived, render: async () => Uint8Array.of(1) });
  await kept.ensure({ id: 'a', payload: { etag: '1' } });
  const [key = ''] = await renditions();
  const old = new Date('2026-03-01T11:59:59Z');
  await utimes(join(folder, key), old, old);
  await tidy({ library: { emptyTrash }, derived, log }, NOW);
  expect(emptyTrash).toHaveBeenCalledExactlyOnceWith({ before: new Date('2026-03-01T12:00:00Z') });
  expect(await renditions()).toEqual([]);
});

it('what can not be deleted is logged and holds up nothing else', async () => {
  const emptyTrash = async () => Promise.reject(new Error('read only'));
  await tidy({ library: { emptyTrash }, derived, log }, NOW);
  expect(log.warn).toHaveBeenCalledTimes(1);
});
