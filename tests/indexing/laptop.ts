import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ReconcileDeps } from '../../shared/indexing/reconcile.ts';
import { openFolderStore } from '../../shared/objects/folder-store.ts';
import { laptopOriginals } from '../../shared/objects/laptop-originals.ts';
import { openSqliteQueue } from '../../shared/queue/sqlite-queue.ts';
import { openEmbeddedIndex } from '../../shared/vectors/embedded-index.ts';
import { openDomain, type Person, schema } from './domain.ts';

/** A whole laptop without its models: a person's folder, a data folder, queue, index and library. */
export async function openLaptop(
  { folder, data }: { folder: string; data: string },
  overrides: Partial<ReconcileDeps> = {},
) {
  const { originals, derived } = await openLaptopStores({ folder, data });
  const index = await openEmbeddedIndex({ file: join(data, 'index.sqlite'), schema });
  await index.bootstrap();
  const queue = openSqliteQueue(join(data, 'queue.sqlite'));
  return {
    ...openDomain({ originals, derived, index, queue }, overrides),
    folder,
    data,
    person: atFolder(folder),
    async close(): Promise<void> {
      await index.close();
      await queue.close();
    },
  };
}

export async function openLaptopStores({ folder, data }: { folder: string; data: string }) {
  mkdirSync(folder, { recursive: true });
  const originals = laptopOriginals(
    await openFolderStore(folder, { readOnly: true, exclude: data }),
    await openFolderStore(join(data, 'originals')),
  );
  return { originals, derived: await openFolderStore(join(data, 'derived')) };
}

export function atFolder(folder: string): Person {
  const path = (key: string) => {
    const file = join(folder, ...key.split('/'));
    mkdirSync(dirname(file), { recursive: true });
    return file;
  };
  return {
    async write(key, text) {
      // The file gets a new inode each time, as from cameras and editors: equal size and time are no equal file.
      writeFileSync(path('.new'), text);
      renameSync(path('.new'), path(key));
    },
    async remove(key) {
      rmSync(path(key), { force: true });
    },
    async rename(from, to) {
      if (!existsSync(path(from))) return false;
      renameSync(path(from), path(to));
      return true;
    },
  };
}
