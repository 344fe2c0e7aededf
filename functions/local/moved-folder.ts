import { readdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { parseOwnKey } from '../../shared/catalog/ids.ts';
import { isAbsent, unlessAbsent } from '../../shared/file-error.ts';
import { parseJson } from '../../shared/json.ts';
import type { Log } from '../../shared/log.ts';

/** A folder of images that this data folder has an index of. */
export type KnownSource = {
  /** Real path of the folder of images when it was opened last. */
  readonly folder: string;
  /** Where its index, annotations and uploads are. */
  readonly place: string;
};

export type Recognized = {
  readonly source: KnownSource;
  /** Whether its folder is still where it was: then the new one is a copy. */
  readonly isThere: boolean;
  /** Share of the indexed files that the new folder has under the same names; null where none are known. */
  readonly share: number | null;
};

/** Indexed files that are looked for; ids are hashes, so the first by id are a random choice. */
const SAMPLE = 64;
const SAME_FROM = 0.5;

/**
 * The known source that a folder is, or is a copy of, by the files that it holds; one that is gone comes first, and
 * one that is gone and of which no file is known comes last. Null where there is none.
 */
export async function recognize(
  folder: string,
  sources: readonly KnownSource[],
  log: Log | undefined,
): Promise<Recognized | null> {
  const looked = await Promise.all(
    sources.map(async source => ({
      source,
      isThere: await isFolder(source.folder),
      share: await shareOf(await sampleOf(source.place, log), folder),
    })),
  );
  const same = looked.filter(({ share }) => share !== null && share >= SAME_FROM);
  return (
    same.find(({ isThere }) => !isThere) ??
    same[0] ??
    looked.find(({ isThere, share }) => !isThere && share === null) ??
    null
  );
}

/** A folder that may not be opened is there: nothing is taken from it. */
const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isDirectory(),
    error => !isAbsent(error),
  );

/** Where what was kept before of a folder goes when another source takes its place. */
export async function setAside(place: string): Promise<void> {
  await unlessAbsent(rename(place, `${place}.replaced-${Date.now()}`));
}

export const isSetAside = (place: string): boolean => /\.replaced-\d+$/.test(basename(place));

type IndexedFile = { readonly key: string; readonly bytes: number };

async function shareOf(sample: readonly IndexedFile[], folder: string): Promise<number | null> {
  if (sample.length === 0) return null;
  const found = await Promise.all(
    sample.map(({ key, bytes }) =>
      stat(join(folder, key)).then(
        found => found.size === bytes,
        // A file that is absent, or that may not be read, is not known to be the same.
        () => false,
      ),
    ),
  );
  return found.filter(Boolean).length / sample.length;
}

const payloadSchema = z.object({ key: z.string(), bytes: z.number() });

/** Some of the files that the embedded index of a source knows; none where its index is kept elsewhere. */
async function sampleOf(place: string, log: Log | undefined): Promise<IndexedFile[]> {
  const names = (await unlessAbsent(readdir(place))) ?? [];
  for (const name of names.filter(file => /^index-.*\.db$/.test(file))) {
    const files = readSample(join(place, name), log);
    if (files.length > 0) return files;
  }
  return [];
}

function readSample(file: string, log: Log | undefined): IndexedFile[] {
  try {
    const database = new Database(file, { readonly: true, fileMustExist: true });
    try {
      const rows = database
        .prepare(`SELECT payload FROM points WHERE payload IS NOT NULL ORDER BY id LIMIT ${SAMPLE}`)
        .pluck()
        .all();
      return rows
        .flatMap(row => payloadSchema.safeParse(parseJson(String(row))).data ?? [])
        .filter(({ key }) => !parseOwnKey(key));
    } finally {
      database.close();
    }
  } catch (error) {
    log?.warn('An index could not be read, so its folder is not recognised if it was moved', { file, error });
    return [];
  }
}
