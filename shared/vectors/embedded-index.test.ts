import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openEmbeddedIndex } from './embedded-index.ts';
import { replayed, startWriter } from './testing-crash.ts';
import { contents, ownIndexFile, point, range } from './testing-index-file.ts';
import { CRASH_SCHEMA, crashId } from './testing-writer.ts';

const place = ownIndexFile();

describe('what was written', () => {
  it('is there after closing and opening: payloads, vectors, deletions', async () => {
    const first = await place.open();
    await first.upsert(range(0, 1200).map(point));
    await first.delete([crashId(7)]);
    await first.setPayload([crashId(8)], { starred: true });
    await first.close();
    const second = await place.open();
    expect(await second.count()).toBe(1199);
    expect(await second.count({ must: [{ key: 'starred', match: { value: true } }] })).toBe(1);
    const [found = []] = await second.query([
      { using: 'vision', nearest: new Float32Array(64).with(7, 1), limit: 1 },
    ]);
    expect(found[0]?.id).toBe(crashId(71));
    await second.close();
  });
  it('is filtered by a field that gets an index only later', async () => {
    const first = await openEmbeddedIndex({ file: place.file, schema: { ...CRASH_SCHEMA, payload: {} } });
    await first.upsert([point(1), point(2)]);
    await first.close();
    const second = await place.open();
    expect(await second.count({ must: [{ key: 'step', match: { value: 2 } }] })).toBe(1);
    await second.close();
  });
  it('is not touched by a failing batch', async () => {
    const index = await place.open();
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
    const here = await place.open();
    const writer = startWriter(place.file, 0, 40);
    let seen = 0;
    for await (const chunk of writer.stdout!) {
      seen = Number(String(chunk).trim().split('\n').at(-1)) + 1;
      // The writer may be further already, but what it acknowledged is seen.
      expect(range(seen, 41).map(replayed)).toContainEqual(await contents(here));
    }
    expect(seen).toBe(40);
    expect(await contents(here)).toEqual(replayed(40));
    await here.close();
  });
  it('write at the same time without losing anything', async () => {
    const here = await place.open();
    const writer = startWriter(place.file, 0, 60);
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
    const reopened = await place.open();
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
      const [writer, reader] = [await place.open(kept), await place.open(kept)];
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
    const [writer, reader] = [await place.open(10), await place.open(10)];
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

it('another encoder’s vectors take the place of one that nothing asks for, and the rest stays', async () => {
  const schema = (vectors: Record<string, number>, sparse: string[]) => ({
    ...CRASH_SCHEMA,
    vectors,
    sparse,
  });
  const axis = (size: number, d: number) => new Float32Array(size).with(d, 1);
  const terms = { indices: [3], values: [1] };
  const before = await openEmbeddedIndex({
    file: place.file,
    schema: schema({ words: 5, vision: 64 }, ['terms']),
  });
  await before.upsert([
    { ...point(1), vectors: { vision: axis(64, 1), words: axis(5, 2) }, sparse: { terms } },
  ]);
  await before.close();

  const after = schema({ vision: 64, 'words-2': 3 }, ['more', 'terms']);
  for (const time of ['first', 'second']) {
    const index = await openEmbeddedIndex({ file: place.file, schema: after });
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

describe('a file that must not be touched is rejected:', () => {
  const rejected = (message: RegExp) =>
    expect.objectContaining({ code: 'index_rejected', message: expect.stringMatching(message) });

  it('one with vectors of another size', async () => {
    await (await place.open()).close();
    const other = { ...CRASH_SCHEMA, vectors: { vision: 768 } };
    await expect(openEmbeddedIndex({ file: place.file, schema: other })).rejects.toEqual(
      rejected(/"vision":64.*"vision":768/),
    );
    await (await place.open()).close();
  });
  it('one of another program', async () => {
    await mkdir(join(place.file, '..'), { recursive: true });
    const db = new Database(place.file);
    db.exec('CREATE TABLE theirs (a)');
    db.close();
    await expect(place.open()).rejects.toEqual(rejected(/another program/));
    expect(existsSync(`${place.file}.damaged-1`)).toBe(false);
  });
  it('one of a later format', async () => {
    await (await place.open()).close();
    const db = new Database(place.file);
    db.pragma('user_version = 99');
    db.close();
    await expect(place.open()).rejects.toEqual(rejected(/another version/));
  });
});

it('a closed index says so, and may be closed twice', async () => {
  const index = await place.open();
  await index.close();
  await index.close();
  await expect(index.count()).rejects.toEqual(expect.objectContaining({ code: 'index_unavailable' }));
});
