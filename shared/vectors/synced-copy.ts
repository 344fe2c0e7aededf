import { setImmediate } from 'node:timers/promises';
import { SemblanceError } from '../errors.ts';
import { systemCode } from '../file-error.ts';
import { isDamaged, mapped } from '../sqlite.ts';
import type { PointStore, StoredRow } from './point-store.ts';
import { createRamCopy, type RamCopy } from './ram-copy.ts';
import { dropImage, loadImage, saveImage } from './ram-image.ts';
import type { CollectionSchema } from './vector-index.ts';

/** The RAM copy of an index file, kept in step with what this process and others write to it. */
export interface SyncedCopy {
  /** One state of file and copy for the work. Another call may get another copy. */
  reading<T>(work: (ram: RamCopy) => T): T;
  /** The work writes to the file, and returns what then happens to the copy. */
  writing(work: (version: number, ram: RamCopy) => (() => void)[]): void;
  /** Saves an image where much has changed, and closes the file. */
  close(): Promise<void>;
}

/** Rows that an opening reads from the index file without an image; more are worth one. */
const FEW_ROWS = 2000;
/** The same as a share of all rows. */
const FEW_SHARE = 0.05;

export type OpeningOptions = {
  /**
   * Told how many of the rows are read by an opening that reads them all, which takes a minute for a million.
   * With an image nothing is told.
   */
  readonly onRowsRead?: ((read: number, total: number) => void) | undefined;
  /** Ends such an opening. */
  readonly signal?: AbortSignal | undefined;
};

/** @throws SqliteError where the file is damaged; the signal's reason */
export async function openSyncedCopy(
  file: string,
  store: PointStore,
  schema: CollectionSchema,
  { onRowsRead, signal }: OpeningOptions = {},
): Promise<SyncedCopy> {
  let closed = false;

  const guarded = <T>(work: () => T): T => {
    if (closed) throw new SemblanceError('index_unavailable', 'The index is closed');
    try {
      return mapped(file, work);
    } catch (cause) {
      if (!isDamaged(cause)) throw cause;
      dropImage(file);
      throw new SemblanceError('index_corrupt', `${file} is damaged`, { cause });
    }
  };

  // A long search also reads vectors between calls of `reading`.
  const source = {
    ...store,
    vector: (...at: Parameters<PointStore['vector']>) => guarded(() => store.vector(...at)),
  };
  const image = loadImage(file, source, schema);
  let ram = image?.ram ?? createRamCopy(schema, source);
  /** Version of the file that the copy has. */
  let seen = image?.version ?? store.version();
  /** Rows that the image lacks. */
  let unsaved = 0;

  if (!image) {
    store.check();
    // Others may write meanwhile: what changed after that version is read again by the first refresh.
    const total = store.lastSlot();
    for (const rows of steps(store)) {
      for (const row of rows) ram.put(row);
      const read = rows.at(-1)?.slot ?? 0;
      if (read < total) onRowsRead?.(read, total);
      await setImmediate();
      signal?.throwIfAborted();
    }
    // The last rows may be deleted ones.
    if (total > 0) onRowsRead?.(total, total);
    unsaved = ram.size;
  }

  /** Takes over what was written since; in the same transaction as what reads the copy. */
  const refresh = (until = store.version()): void => {
    if (until === seen) return;
    const changes = store.changesSince(seen);
    if (!changes) {
      void ram.close();
      ram = createRamCopy(schema, source);
    }
    for (const rows of changes ? [changes] : steps(store)) {
      for (const row of rows) {
        ram.put(row);
        unsaved++;
      }
    }
    seen = until;
  };

  /** Where the disk is full, say, it goes on without, which costs the next opening some seconds and nothing else. */
  const save = (): void => {
    if (unsaved <= Math.max(FEW_ROWS, ram.size * FEW_SHARE)) return;
    try {
      saveImage(file, store, schema, ram, seen);
      unsaved = 0;
    } catch (error) {
      if (systemCode(error) === '') throw error;
    }
  };

  store.read(() => refresh());
  save();

  return {
    reading: work =>
      guarded(() =>
        store.read(() => {
          refresh();
          return work(ram);
        }),
      ),
    writing: work =>
      guarded(() => {
        const { version, effects } = store.write(version => {
          refresh(version - 1);
          return { version, effects: work(version, ram) };
        });
        for (const effect of effects) effect();
        unsaved += effects.length;
        seen = version;
      }),
    async close() {
      if (closed) return;
      closed = true;
      save();
      store.close();
      await ram.close();
    },
  };
}

function* steps(store: PointStore): Generator<StoredRow[]> {
  for (let last = 0; ; ) {
    const rows = store.pointsAfter(last);
    if (rows.length === 0) return;
    last = rows.at(-1)?.slot ?? last;
    yield rows;
  }
}
