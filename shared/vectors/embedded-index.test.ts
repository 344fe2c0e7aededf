import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  open as openFile,
  readFile,
  rename,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canMount, jsonLines, runOnSmallDisk } from '../../tests/small-disk.ts';
import { openEmbeddedIndex } from './embedded-index.ts';
import { replayed, startWriter } from './testing-crash.ts';
import { CRASH_SCHEMA, crashId } from './testing-writer.ts';
import type { Point, VectorIndex } from './vector-index.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-embedded-'));
});
afterAll(() => rm(folder, { recursive: true }));
let files = 0;
beforeEach(() => {
  file = join(folder, `${files++}`, 'index.sqlite');
});

const open = (tombstones?: number) =>
  openEmbeddedIndex({ file, schema: CRASH_SCHEMA, ...(tombstones !== undefined && { tombstones }) });
const point = (n: number): Point => ({
  id: crashId(n),
  vectors: { vision: new Float32Array(64).with(n % 64, 1) },
  payload: { step: n },
});
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const contents = async (index: VectorIndex) => {
  const { points } = await index.scroll({ limit: 10_000 });
  return Object.fromEntries(points.map(({ id, payload }) => [id, payload]));
};

describe('what was written', () => {
  it('is there after closing and opening: payloads, vectors, deletions', async () => {
    const first = await open();
    await first.upsert(range(0, 1200).map(point));
    await first.delete([crashId(7)]);
    await first.setPayload([crashId(8)], { starred: true });
    await first.close();
    const second = await open();
    expect(await second.count()).toBe(1199);
    expect(await second.count({ must: [{ key: 'starred', match: { value: true } }] })).toBe(1);
    const [found = []] = await second.query([
      { using: 'vision', nearest: new Float32Array(64).with(7, 1), limit: 1 },
    ]);
    expect(found[0]?.id).toBe(crashId(71));
    await second.close();
  });
  it('is filtered by a field that gets an index only later', async () => {
    const first = await openEmbeddedIndex({ file, schema: { ...CRASH_SCHEMA, payload: {} } });
    await first.upsert([point(1), point(2)]);
    await first.close();
    const second = await open();
    expect(await second.count({ must: [{ key: 'step', match: { value: 2 } }] })).toBe(1);
    await second.close();
  });
  it('is not touched by a failing batch', async () => {
    const index = await open();
    await index.upsert([point(1)]);
    const unwritable = { ...point(3), payload: { step: 3n } };
    await expect(index.upsert([point(2), unwritable])).rejects.toThrow(/BigInt/);
    expect(Object.keys(await contents(index))).toEqual([crashId(1)]);
    await index.upsert([point(4)]);
    expect(Object.keys(await contents(index))).toEqual([crashId(1), crashId(4)]);
    await index.close();
  });
});

describe('two processes at once', () => {
  it('see each other’s writes as soon as they return', async () => {
    const here = await open();
    const writer = startWriter(file, 0, 40);
    let seen = 0;
    for await (const chunk of writer.stdout!) {
      seen = Number(String(chunk).trim().split('\n').at(-1)) + 1;
      // the writer may be further already, but what it acknowledged is seen
      expect(range(seen, 41).map(replayed)).toContainEqual(await contents(here));
    }
    expect(seen).toBe(40);
    expect(await contents(here)).toEqual(replayed(40));
    await here.close();
  });
  it('write at the same time without losing anything', async () => {
    const here = await open();
    const writer = startWriter(file, 0, 60);
    const closed = once(writer, 'close');
    writer.stdout?.resume();
    const mine = range(1000, 1200).map(point);
    for (const each of mine) {
      await here.upsert([each]);
      await new Promise(setImmediate);
    }
    expect(await closed).toEqual([0, null]);
    const expected = { ...replayed(60), ...Object.fromEntries(mine.map(({ id, payload }) => [id, payload])) };
    expect(await contents(here)).toEqual(expected);
    const reopened = await open();
    expect(await contents(reopened)).toEqual(expected);
    await here.close();
    await reopened.close();
  });
  it.each([
    ['the rows that were written', undefined],
    ['the whole file, where it is no longer known what was deleted', 10],
  ])(
    'take over many changes of another in steps, between which others get their turn: %s',
    async (_, kept) => {
      const [writer, reader] = [await open(kept), await open(kept)];
      await writer.upsert(range(0, 2000).map(point));
      await reader.count();
      if (kept !== undefined) await writer.delete(range(0, 1500).map(crashId));
      for (let n = 5000; n < 9000; n += 100) await writer.upsert(range(n, n + 100).map(point));

      let turns = 0;
      let done = false;
      const count = async () => {
        for (; !done; turns++) await turn();
      };
      const counting = count();
      const [all, found] = await Promise.all([reader.count(), contents(reader)]);
      done = true;
      await counting;
      expect(turns).toBeGreaterThan(7);
      expect(all).toBe(await writer.count());
      expect(found).toEqual(await contents(writer));

      for (let n = 10_000; n < 14_000; n += 100) await writer.upsert(range(n, n + 100).map(point));
      const ended = expect(reader.count()).rejects.toEqual(
        expect.objectContaining({ code: 'index_unavailable' }),
      );
      await turn();
      await reader.close();
      await ended;
      await writer.close();
    },
  );
  it('agree also after so many deletions that the log of them was cut', async () => {
    const [writer, reader] = [await open(10), await open(10)];
    await writer.upsert(range(0, 3000).map(point));
    expect(await reader.count()).toBe(3000);
    await writer.delete(range(0, 2500).map(crashId));
    await writer.upsert(range(5000, 5010).map(point));
    expect(Object.keys(await contents(reader))).toEqual(
      [...range(2500, 3000), ...range(5000, 5010)].map(crashId),
    );
    await writer.close();
    await reader.close();
  });
});

describe('a damaged file', () => {
  const fill = async (): Promise<void> => {
    const index = await open();
    await index.upsert(range(0, 500).map(point));
    await index.close();
  };
  it.each<[string, () => Promise<void>]>([
    [
      'no database at all',
      () => writeFile(file, 'not a database, only some text that is long enough'.repeat(99)),
    ],
    ['cut in half', async () => truncate(file, Math.floor((await readFile(file)).length / 32_768) * 16_384)],
    [
      'overwritten in the middle',
      async () => {
        const bytes = await readFile(file);
        await writeFile(file, bytes.fill(0x55, 40_000, bytes.length - 40_000));
      },
    ],
    [
      'with a vector of another size',
      async () => {
        const db = new Database(file);
        db.prepare('UPDATE dense_0 SET data = ? WHERE slot = 9').run(Buffer.alloc(7));
        db.close();
      },
    ],
    [
      'with a payload that is no JSON',
      async () => {
        const db = new Database(file);
        db.prepare('UPDATE points SET payload = ? WHERE slot = 9').run('{"a":');
        db.close();
      },
    ],
  ])('%s is kept aside, and a fresh index opened', async (_, damage) => {
    await fill();
    await damage();
    const before = await readFile(file);
    const index = await open();
    expect(index.damagedFile).toBe(`${file}.damaged-1`);
    expect(await readFile(`${file}.damaged-1`)).toEqual(before);
    expect(await index.count()).toBe(0);
    await index.upsert([point(1)]);
    await index.close();
    const again = await open();
    expect(again.damagedFile).toBeNull();
    expect(await again.count()).toBe(1);
    await again.close();
  });
});

it('another encoder’s vectors take the place of one that nothing asks for, and the rest stays', async () => {
  const schema = (vectors: Record<string, number>, sparse: string[]) => ({
    ...CRASH_SCHEMA,
    vectors,
    sparse,
  });
  const axis = (size: number, d: number) => new Float32Array(size).with(d, 1);
  const terms = { indices: [3], values: [1] };
  const before = await openEmbeddedIndex({ file, schema: schema({ words: 5, vision: 64 }, ['terms']) });
  await before.upsert([
    { ...point(1), vectors: { vision: axis(64, 1), words: axis(5, 2) }, sparse: { terms } },
  ]);
  await before.close();

  const after = schema({ vision: 64, 'words-2': 3 }, ['more', 'terms']);
  for (const time of ['first', 'second']) {
    const index = await openEmbeddedIndex({ file, schema: after });
    const [stored] = await index.retrieve([crashId(1)], { vectors: ['vision', 'words-2'] });
    expect(stored?.payload).toEqual(point(1).payload);
    expect(stored?.vectors['vision']).toEqual(axis(64, 1));
    expect(stored?.vectors['words-2'], time).toEqual(time === 'first' ? undefined : axis(3, 0));
    const [found] = await index.query([{ using: 'terms', sparse: terms, limit: 1 }]);
    expect(found).toHaveLength(1);
    await index.upsert([
      { ...point(1), vectors: { vision: axis(64, 1), 'words-2': axis(3, 0) }, sparse: { terms } },
    ]);
    await index.close();
  }
});

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
    const first = await open();
    await first.upsert(range(0, 3000).map(point));
    await first.close();
    const second = await open();
    await second.delete(range(0, 5).map(crashId));
    await second.setPayload(range(5, 9).map(crashId), { starred: true });
    await second.upsert([point(4000), { ...point(9), vectors: { vision: nearest } }]);
    const expected = await everything(second);
    await second.close();
    return expected;
  };
  const opened = async () => {
    const index = await open();
    const found = await everything(index);
    await index.close();
    return found;
  };

  it('is made by an opening that reads all rows, which tells how far it is and can be ended', async () => {
    await changedSince();
    await rm(`${file}.ram`);
    const stop = new AbortController();
    const aborted = openEmbeddedIndex({
      file,
      schema: CRASH_SCHEMA,
      onRowsRead: () => stop.abort(new Error('Ctrl-C')),
      signal: stop.signal,
    });
    await expect(aborted).rejects.toThrow('Ctrl-C');
    expect(existsSync(`${file}.ram`)).toBe(false);

    const steps: [read: number, total: number][] = [];
    const onRowsRead = (read: number, total: number) => steps.push([read, total]);
    await (await openEmbeddedIndex({ file, schema: CRASH_SCHEMA, onRowsRead })).close();
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.map(([read]) => read)).toEqual(steps.map(([read]) => read).sort((a, b) => a - b));
    expect(steps.at(-1)).toEqual([3001, 3001]);

    steps.length = 0;
    await (await openEmbeddedIndex({ file, schema: CRASH_SCHEMA, onRowsRead })).close();
    expect(steps).toEqual([]);
  });

  it('opens to what is in the file, with all that changed since', async () => {
    const expected = await changedSince();
    expect(expected.starred).toBe(4);
    const image = await readFile(`${file}.ram`);
    expect(await opened()).toEqual(expected);
    expect(await readFile(`${file}.ram`)).toEqual(image);
  });
  it.each([3, 300])('does not hide that one of %i rows changed since is damaged', async changed => {
    await changedSince();
    const before = await open();
    await before.upsert(range(10, 10 + changed).map(point));
    await before.close();
    const db = new Database(file);
    db.prepare('UPDATE points SET payload = ? WHERE id = ?').run('{"a":', crashId(11));
    db.close();
    const index = await open();
    expect(index.damagedFile).toBe(`${file}.damaged-1`);
    expect(await index.count()).toBe(0);
    await index.close();
  });
  it.each<[string, () => Promise<unknown>]>([
    ['gone', () => rm(`${file}.ram`)],
    ['cut', () => truncate(`${file}.ram`, 70_000)],
    ['empty', () => truncate(`${file}.ram`, 0)],
    [
      'overwritten somewhere',
      async () => {
        const bytes = await readFile(`${file}.ram`);
        await writeFile(`${file}.ram`, bytes.fill(0x55, 90_000, 90_001));
      },
    ],
    [
      'of another index',
      async () => {
        const [own, other] = [file, join(file, '..', 'other.sqlite')];
        file = other;
        await changedSince();
        file = own;
        await rename(`${other}.ram`, `${own}.ram`);
      },
    ],
    ['half-written beside it', () => writeFile(`${file}.ram.new`, 'half')],
    [
      'gone, and impossible to write again,',
      async () => {
        await rm(`${file}.ram`);
        await mkdir(`${file}.ram.new`);
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
    const index = await open();
    const search = index.query([{ using: 'vision', nearest, limit: 1000 }]);
    const rejected = expect(search).rejects.toEqual(expect.objectContaining({ code: 'index_unavailable' }));
    await turn();
    await index.close();
    await rejected;
  });
  it('has a long search say that the index file is damaged', async () => {
    await changedSince();
    const index = await open();
    const opened = await openFile(file, 'r+');
    const { size } = await opened.stat();
    await opened.write(new Uint8Array(size - 80_000).fill(0x55), 0, size - 80_000, 40_000);
    await opened.close();
    await expect(index.query([{ using: 'vision', nearest, limit: 1000 }])).rejects.toEqual(
      expect.objectContaining({ code: 'index_corrupt' }),
    );
    expect(existsSync(`${file}.ram`)).toBe(false);
    await index.close();
  });
  it('does not hide for long that the index file is damaged', async () => {
    await changedSince();
    const bytes = await readFile(file);
    await writeFile(file, bytes.fill(0x55, 40_000, bytes.length - 40_000));
    const index = await open();
    if (index.damagedFile === null) {
      await expect(index.scroll({ limit: 3000 })).rejects.toEqual(
        expect.objectContaining({ code: 'index_corrupt' }),
      );
      await index.close();
      const again = await open();
      expect(again.damagedFile).toBe(`${file}.damaged-1`);
      expect(await again.count()).toBe(0);
      await again.close();
    } else await index.close();
    expect(existsSync(`${file}.damaged-1`)).toBe(true);
  });
});

describe('a file that must not be touched is rejected:', () => {
  const rejected = (message: RegExp) =>
    expect.objectContaining({ code: 'index_rejected', message: expect.stringMatching(message) });

  it('one with vectors of another size', async () => {
    await (await open()).close();
    const other = { ...CRASH_SCHEMA, vectors: { vision: 768 } };
    await expect(openEmbeddedIndex({ file, schema: other })).rejects.toEqual(
      rejected(/"vision":64.*"vision":768/),
    );
    await (await open()).close();
  });
  it('one of another program', async () => {
    await mkdir(join(file, '..'), { recursive: true });
    const db = new Database(file);
    db.exec('CREATE TABLE theirs (a)');
    db.close();
    await expect(open()).rejects.toEqual(rejected(/another program/));
    expect(existsSync(`${file}.damaged-1`)).toBe(false);
  });
  it('one of a later format', async () => {
    await (await open()).close();
    const db = new Database(file);
    db.pragma('user_version = 99');
    db.close();
    await expect(open()).rejects.toEqual(rejected(/another version/));
  });
});

it('a closed index says so, and may be closed twice', async () => {
  const index = await open();
  await index.close();
  await index.close();
  await expect(index.count()).rejects.toEqual(expect.objectContaining({ code: 'index_unavailable' }));
});

describe.skipIf(!canMount)('a small disk', () => {
  const program = (name: string) => join(import.meta.dirname, name);

  it('that is full costs the image of a large index, and nothing else', async () => {
    const printed = await runOnSmallDisk(program('testing-full-disk-image.ts'), {
      disk: join(file, '..'),
      size: '6m',
    });
    expect(JSON.parse(printed)).toEqual({ image: false, half: false, damagedFile: null, points: 2500 });
  });

  it('that is full stops writes, not searches, and heals; a read-only one is reported', async () => {
    const printed = await runOnSmallDisk(program('testing-full-disk.ts'), {
      disk: join(file, '..'),
      size: '1m',
      thenReadOnly: true,
    });
    expect(jsonLines(printed)).toEqual([
      { code: 'disk_full', searchable: true, afterFreeing: true },
      { code: 'data_read_only' },
    ]);
  });
});
