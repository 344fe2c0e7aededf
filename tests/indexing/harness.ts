import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { keyId } from '../../shared/catalog/ids.ts';
import { isPassing, SemblanceError } from '../../shared/errors.ts';
import type { Upload } from '../../shared/indexing/library.ts';
import type { ReconcileDeps } from '../../shared/indexing/reconcile.ts';
import { uploadOfText } from './domain.ts';
import { openLaptop } from './laptop.ts';

// In RAM where there is such a folder: these tests write thousands of small files, each with its fsync.
const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'semblance-indexing-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Two folders that are removed when the tests of the file are done. */
export const newFolders = () => ({ folder: join(root, randomUUID()), data: join(root, randomUUID()) });

export type Harness = Awaited<ReturnType<typeof openHarness>>;

/** A laptop in new folders, or in those of another. */
export async function openHarness(
  existing: { folder: string; data: string } = newFolders(),
  overrides: Partial<ReconcileDeps> = {},
) {
  const laptop = await openLaptop(existing, overrides);
  const file = (key: string) => join(laptop.folder, key);
  return {
    ...laptop,
    /** Writes a file into the folder, and the folders above it. */
    write(key: string, text = key): void {
      mkdirSync(dirname(file(key)), { recursive: true });
      writeFileSync(file(key), text);
    },
    remove: (key: string): void => rmSync(file(key), { force: true }),
    idOf: (key: string): string => keyId(key, laptop.namespace),
  };
}

/** Uploads bytes of this text, and waits until they are indexed or have failed; their id. */
export async function addUpload(
  h: Harness,
  text: string,
  record: Partial<Upload['record']> = {},
): Promise<string> {
  const { id } = await h.library.upload(uploadOfText(text, record));
  await h.drain();
  return id;
}

/** Writes a file into the folder, and indexes it; its id. */
export async function addFile(h: Harness, key: string, text: string): Promise<string> {
  h.write(key, text);
  await h.reconcile(key);
  return h.idOf(key);
}

export const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    error => (error instanceof SemblanceError ? error.code : String(error)),
  );

/** A laptop whose watcher and queue bring every event until it is settled. */
export async function openWatchedLaptop(existing?: { folder: string; data: string }) {
  const h = await openHarness(existing);
  return {
    ...h,
    async deliver(key: string): Promise<void> {
      for (let attempt = 1; attempt <= 10; attempt++) {
        try {
          await h.reconcile(key);
          return;
        } catch (error) {
          if (!isPassing(error)) throw error;
        }
      }
    },
  };
}
