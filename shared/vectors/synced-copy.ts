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
  reading<T>(work: (ram: RamCopy) => T): Promise<T>;
  /** The work writes to the file, and returns what then happens to the copy. */
  writing(work: (version: number, ram: RamCopy) => (() => void)[]): Promise<void>;
  /** Saves an image where much has changed, and closes the file. */
  close(): Promise<void>;
}

/** Rows that an opening reads from the index file without an image; more are worth one. */
const FEW_ROWS = 2000;
/** The same as a share of all rows. */
const FEW_SHARE = 0.05;
/** Rows of other processes that are taken over at once; each takes some 0.1 ms. */
const MOST_AT_ONCE = 200;

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
  opening: OpeningOptions = {},
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

  // A long search also reads vectors between calls of `reading`, and so does a copy that is made anew.
  const source: PointStore = {
    ...store,
    version: () => guarded(store.version),
    lastSlot: () => guarded(store.lastSlot),
    pointsAfter: slot => guarded(() => store.pointsAfter(slot)),
    vector: (name, slot) => guarded(() => store.vector(name, slot)),
  };
  const image = loadImage(file, source, schema);
  if (!image) store.check();
  const opened = image ?? (await readWhole(store, createRamCopy(schema, source), opening));
  let ram = opened.ram;
  /** Version of the file that the copy has. */
  let seen = opened.version;
  /** Rows that the image lacks. */
  let unsaved = image ? 0 : ram.size;

  const put = (rows: Iterable<StoredRow>): void => {
    for (const row of rows) {
      ram.put(row);
      unsaved++;
    }
  };

  /** Takes over what was written since; in the same transaction as what reads the copy. */
  const refresh = (until = store.version()): void => {
    if (until === seen) return;
    const changes = store.changesSince(seen);
    if (!changes) {
      void ram.close();
      ram = createRamCopy(schema, source);
    }
    for (const rows of changes ? [changes] : steps(store)) put(rows);
    seen = until;
  };

  /** Takes over the oldest changes; whether there are more than can be taken over with what reads the copy. */
  const step = (): 'few' | 'many' | 'forgotten' =>
    guarded(() =>
      store.read(() => {
        const until = store.versionAfter(seen, MOST_AT_ONCE);
        if (until === undefined) return 'few';
        const changes = store.changesSince(seen, until);
        if (!changes) return 'forgotten';
        put(changes);
        seen = until;
        return 'many';
      }),
    );

  const takeOver = async (): Promise<void> => {
    for (;;) {
      const left = step();
      if (left === 'few') return;
      if (left === 'forgotten') {
        // It is no longer known what was deleted since.
        const anew = await readWhole(source, createRamCopy(schema, source));
        void ram.close();
        ({ ram, version: seen } = anew);
        unsaved += ram.size;
      }
      await setImmediate();
    }
  };
  let catchingUp: Promise<void> | null = null;
  /**
   * Takes over what other processes wrote, some rows at a time while there are many, between which others get their
   * turn: a process that rested while another indexed 100,000 images would else stand still for seconds. What is left
   * is little, and is taken over in the same transaction as what reads the copy.
   */
  const catchUp = async (): Promise<void> => {
    if (guarded(() => store.version()) === seen) return;
    catchingUp ??= takeOver().finally(() => {
      catchingUp = null;
    });
    await catchingUp;
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

  await takeOver();
  store.read(() => refresh());
  save();

  return {
    async reading(work) {
      await catchUp();
      return guarded(() =>
        store.read(() => {
          refresh();
          return work(ram);
        }),
      );
    },
    async writing(work) {
      await catchUp();
      guarded(() => {
        const { version, effects } = store.write(version => {
          refresh(version - 1);
          return { version, effects: work(version, ram) };
        });
        for (const effect of effects) effect();
        unsaved += effects.length;
        seen = version;
      });
    },
    async close() {
      if (closed) return;
      closed = true;
      save();
      store.close();
      await ram.close();
    },
  };
}

/**
 * Reads all rows into an empty copy, in steps between which others get their turn. They may write meanwhile: what
 * changed after the version that it returns is to be read again.
 */
async function readWhole(
  store: PointStore,
  ram: RamCopy,
  { onRowsRead, signal }: OpeningOptions = {},
): Promise<{ ram: RamCopy; version: number }> {
  const version = store.version();
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
  return { ram, version };
}

function* steps(store: PointStore): Generator<StoredRow[]> {
  for (let last = 0; ; ) {
    const rows = store.pointsAfter(last);
    if (rows.length === 0) return;
    last = rows.at(-1)?.slot ?? last;
    yield rows;
  }
}
