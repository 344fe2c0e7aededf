import { chmodSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { sha1Hex } from '../../shared/catalog/ids.ts';
import { LOOKALIKE_KEYS } from '../contracts/names.ts';
import { bytesOf } from './domain.ts';
import { type Harness, openHarness } from './harness.ts';

let h: Harness;
beforeEach(async () => {
  h = await openHarness();
  return () => h.close();
});
const sweepAndDrain = async () => {
  const report = await h.sweep({ allowDrop: true });
  await h.drain();
  return report;
};

it('files whose names are alike in a Unicode normal form are images of their own', async () => {
  for (const key of LOOKALIKE_KEYS) h.write(key);
  await sweepAndDrain();
  for (const key of LOOKALIKE_KEYS)
    expect(await h.payload(h.idOf(key))).toMatchObject({ key, sha1: sha1Hex(bytesOf(key)) });
  expect(await h.index.count()).toBe(LOOKALIKE_KEYS.length);
  expect(await sweepAndDrain()).toMatchObject({ objects: LOOKALIKE_KEYS.length, queued: 0 });
});

it('an index that knew files by composed names finds them by their own, and keeps their annotations', async () => {
  h.write('caf\u00e9.png', 'one');
  h.write('other.png', 'two');
  await sweepAndDrain();
  await h.library.update(h.idOf('caf\u00e9.png'), { starred: true });
  renameSync(join(h.folder, 'caf\u00e9.png'), join(h.folder, 'cafe\u0301.png'));
  h.reader.described.length = 0;
  await sweepAndDrain();
  expect(await h.payload(h.idOf('cafe\u0301.png'))).toMatchObject({ key: 'cafe\u0301.png', starred: true });
  expect(await h.payload(h.idOf('caf\u00e9.png'))).toBeNull();
  expect(h.reader.described).toEqual([]);
  expect(await sweepAndDrain()).toMatchObject({ queued: 0 });
});

it('a name that is no text is a failure under a printable form, written once', async () => {
  const named = (name: string) => Buffer.concat([Buffer.from(`${h.folder}/`), Buffer.from(name, 'latin1')]);
  writeFileSync(named('Gro\xdf.png'), 'x');
  mkdirSync(named('dir-\xe9'));
  writeFileSync(named('dir-\xe9/a.png'), 'x');
  expect(await sweepAndDrain()).toMatchObject({ objects: 0, failed: 2 });
  const listed = (await h.library.failures()).failures;
  expect(listed.map(({ key, code }) => [key, code]).toSorted()).toEqual([
    ['Gro\\xdf.png', 'name_not_utf8'],
    ['dir-\\xe9/', 'name_not_utf8'],
  ]);
  expect(await sweepAndDrain()).toMatchObject({ failed: 2, queued: 0 });
  // They can not be tried again by their keys, and a request to do so does not hide them.
  expect(await h.library.retry()).toBe(0);
  expect((await h.library.failures()).failures).toEqual(listed);
  renameSync(named('Gro\xdf.png'), join(h.folder, 'Groß.png'));
  renameSync(named('dir-\xe9'), join(h.folder, 'dir'));
  await sweepAndDrain();
  expect((await h.library.failures()).failures).toEqual([]);
  expect(await h.index.count()).toBe(2);
});

it.skipIf(process.getuid?.() === 0)(
  'images in a folder that is closed are not dropped, and the folder is listed',
  async () => {
    h.write('closed/a.png');
    h.write('open.png');
    await sweepAndDrain();
    chmodSync(join(h.folder, 'closed'), 0);
    expect(await sweepAndDrain()).toMatchObject({ dropped: 0, failed: 1, queued: 0 });
    expect((await h.library.failures()).failures).toMatchObject([{ key: 'closed/', code: 'folder_denied' }]);
    expect(await h.index.count()).toBe(2);
    chmodSync(join(h.folder, 'closed'), 0o755);
    await sweepAndDrain();
    expect((await h.library.failures()).failures).toEqual([]);
    expect(readdirSync(h.folder).toSorted()).toEqual(['closed', 'open.png']);
  },
);
