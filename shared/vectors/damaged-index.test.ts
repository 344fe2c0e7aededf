import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { canMount, jsonLines, runOnSmallDisk } from '../../tests/small-disk.ts';
import { ownIndexFile, point, range } from './testing-index-file.ts';

const place = ownIndexFile();

describe('a damaged file', () => {
  const fill = async (): Promise<void> => {
    const index = await place.open();
    await index.upsert(range(0, 500).map(point));
    await index.close();
  };
  it.each<[string, () => Promise<void>]>([
    [
      'no database at all',
      () => writeFile(place.file, 'not a database, only some text that is long enough'.repeat(99)),
    ],
    [
      'cut in half',
      async () => truncate(place.file, Math.floor((await readFile(place.file)).length / 32_768) * 16_384),
    ],
    [
      'overwritten in the middle',
      async () => {
        const bytes = await readFile(place.file);
        await writeFile(place.file, bytes.fill(0x55, 40_000, bytes.length - 40_000));
      },
    ],
    [
      'with a vector of another size',
      async () => {
        const db = new Database(place.file);
        db.prepare('UPDATE dense_0 SET data = ? WHERE slot = 9').run(Buffer.alloc(7));
        db.close();
      },
    ],
    [
      'with a payload that is no JSON',
      async () => {
        const db = new Database(place.file);
        db.prepare('UPDATE points SET payload = ? WHERE slot = 9').run('{"a":');
        db.close();
      },
    ],
  ])('%s is kept aside, and a fresh index opened', async (_, damage) => {
    await fill();
    await damage();
    const before = await readFile(place.file);
    const index = await place.open();
    expect(index.damagedFile).toBe(`${place.file}.damaged-1`);
    expect(await readFile(`${place.file}.damaged-1`)).toEqual(before);
    expect(await index.count()).toBe(0);
    await index.upsert([point(1)]);
    await index.close();
    const again = await place.open();
    expect(again.damagedFile).toBeNull();
    expect(await again.count()).toBe(1);
    await again.close();
  });
});

describe.skipIf(!canMount)('a small disk', () => {
  const program = (name: string) => join(import.meta.dirname, name);

  it('that is full costs the image of a large index, and nothing else', async () => {
    const printed = await runOnSmallDisk(program('testing-full-disk-image.ts'), {
      disk: join(place.file, '..'),
      size: '6m',
    });
    expect(JSON.parse(printed)).toEqual({ image: false, half: false, damagedFile: null, points: 2500 });
  });

  it('that is full stops writes, not searches, and heals; a read-only one is reported', async () => {
    const printed = await runOnSmallDisk(program('testing-full-disk.ts'), {
      disk: join(place.file, '..'),
      size: '1m',
      thenReadOnly: true,
    });
    expect(jsonLines(printed)).toEqual([
      { code: 'disk_full', searchable: true, afterFreeing: true },
      { code: 'data_read_only' },
    ]);
  });
});
