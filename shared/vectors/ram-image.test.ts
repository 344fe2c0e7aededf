import { existsSync } from 'node:fs';
import { mkdir, open as openFile, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openEmbeddedIndex } from './embedded-index.ts';
import { contents, ownIndexFile, point, range } from './testing-index-file.ts';
import { CRASH_SCHEMA, crashId } from './testing-writer.ts';
import type { VectorIndex } from './vector-index.ts';

const place = ownIndexFile();

describe('the image of a large index', () => {
  const nearest = new Float32Array(64).with(7, 1).with(9, 0.5);
  const everything = async (index: VectorIndex) => ({
    points: await contents(index),
    nearest: await index.query([{ using: 'vision', nearest, limit: 50 }]),
    starred: await index.count({ must: [{ key: 'starred', match: { value: true } }] }),
    steps: await index.facet({ key: 'step', limit: 10 }),
  });
  /** An index of 3000 points with an image, some of them changed since without one. */
  const changedSince = async () => {
    const first = await place.open();
    await first.upsert(range(0, 3000).map(point));
    await first.close();
    const second = await place.open();
    await second.delete(range(0, 5).map(crashId));
    await second.setPayload(range(5, 9).map(crashId), { starred: true });
    await second.upsert([point(4000), { ...point(9), vectors: { vision: nearest } }]);
    const expected = await everything(second);
    await second.close();
    return expected;
  };
  const opened = async () => {
    const index = await place.open();
    const found = await everything(index);
    await index.close();
    return found;
  };

  it('is made by an opening that reads all rows, which tells how far it is and can be ended', async () => {
    await changedSince();
    await rm(`${place.file}.ram`);
    const stop = new AbortController();
    const aborted = openEmbeddedIndex({
      file: place.file,
      schema: CRASH_SCHEMA,
      onRowsRead: () => stop.abort(new Error('Ctrl-C')),
      signal: stop.signal,
    });
    await expect(aborted).rejects.toThrow('Ctrl-C');
    expect(existsSync(`${place.file}.ram`)).toBe(false);

    const steps: [read: number, total: number][] = [];
    const onRowsRead = (read: number, total: number) => steps.push([read, total]);
    await (await openEmbeddedIndex({ file: place.file, schema: CRASH_SCHEMA, onRowsRead })).close();
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.map(([read]) => read)).toEqual(steps.map(([read]) => read).sort((a, b) => a - b));
    expect(steps.at(-1)).toEqual([3001, 3001]);

    steps.length = 0;
    await (await openEmbeddedIndex({ file: place.file, schema: CRASH_SCHEMA, onRowsRead })).close();
    expect(steps).toEqual([]);
  });

  it('opens to what is in the file, with all that changed since', async () => {
    const expected = await changedSince();
    expect(expected.starred).toBe(4);
    const image = await readFile(`${place.file}.ram`);
    expect(await opened()).toEqual(expected);
    expect(await readFile(`${place.file}.ram`)).toEqual(image);
  });
  it.each([3, 300])('does not hide that one of %i rows changed since is damaged', async changed => {
    await changedSince();
    const before = await place.open();
    await before.upsert(range(10, 10 + changed).map(point));
    await before.close();
    const db = new Database(place.file);
    db.prepare('UPDATE points SET payload = ? WHERE id = ?').run('{"a":', crashId(11));
    db.close();
    const index = await place.open();
    expect(index.damagedFile).toBe(`${place.file}.damaged-1`);
    expect(await index.count()).toBe(0);
    await index.close();
  });
  it.each<[string, () => Promise<unknown>]>([
    ['gone', () => rm(`${place.file}.ram`)],
    ['cut', () => truncate(`${place.file}.ram`, 70_000)],
    ['empty', () => truncate(`${place.file}.ram`, 0)],
    [
      'overwritten somewhere',
      async () => {
        const bytes = await readFile(`${place.file}.ram`);
        await writeFile(`${place.file}.ram`, bytes.fill(0x55, 90_000, 90_001));
      },
    ],
    [
      'of another index',
      async () => {
        const [own, other] = [place.file, join(place.file, '..', 'other.sqlite')];
        place.file = other;
        await changedSince();
        place.file = own;
        await rename(`${other}.ram`, `${own}.ram`);
      },
    ],
    ['half-written beside it', () => writeFile(`${place.file}.ram.new`, 'half')],
    [
      'gone, and impossible to write again,',
      async () => {
        await rm(`${place.file}.ram`);
        await mkdir(`${place.file}.ram.new`);
      },
    ],
  ])('%s costs nothing but time', async (_, damage) => {
    const expected = await changedSince();
    await damage();
    expect(await opened()).toEqual(expected);
    expect(await opened()).toEqual(expected);
  });
  it('has a long search say that the index was closed meanwhile', async () => {
    await changedSince();
    const index = await place.open();
    const search = index.query([{ using: 'vision', nearest, limit: 1000 }]);
    const rejected = expect(search).rejects.toEqual(expect.objectContaining({ code: 'index_unavailable' }));
    await turn();
    await index.close();
    await rejected;
  });
  it('has a long search say that the index file is damaged', async () => {
    await changedSince();
    const index = await place.open();
    const opened = await openFile(place.file, 'r+');
    const { size } = await opened.stat();
    await opened.write(new Uint8Array(size - 80_000).fill(0x55), 0, size - 80_000, 40_000);
    await opened.close();
    await expect(index.query([{ using: 'vision', nearest, limit: 1000 }])).rejects.toEqual(
      expect.objectContaining({ code: 'index_corrupt' }),
    );
    expect(existsSync(`${place.file}.ram`)).toBe(false);
    await index.close();
  });
  it('does not hide for long that the index file is damaged', async () => {
    await changedSince();
    const bytes = await readFile(place.file);
    await writeFile(place.file, bytes.fill(0x55, 40_000, bytes.length - 40_000));
    const index = await place.open();
    if (index.damagedFile === null) {
      await expect(index.scroll({ limit: 3000 })).rejects.toEqual(
        expect.objectContaining({ code: 'index_corrupt' }),
      );
      await index.close();
      const again = await place.open();
      expect(again.damagedFile).toBe(`${place.file}.damaged-1`);
      expect(await again.count()).toBe(0);
      await again.close();
    } else await index.close();
    expect(existsSync(`${place.file}.damaged-1`)).toBe(true);
  });
});
