import { parseOwnKey } from '../catalog/ids.ts';
import type { WordsInImage } from '../catalog/image-description.ts';
import type { ImageRecord } from '../catalog/record.ts';
import { SemblanceError } from '../errors.ts';
import type { Stored } from './derived-store.ts';
import { type DescribeDeps, describeOriginal, type Original } from './describe-original.ts';
import { type Duplicate, duplicatesOf } from './duplicates.ts';
import { findRenamed, takeOverRecord } from './hand-over.ts';
import { failureOf, ofImage } from './image-failure.ts';
import type { Observation } from './observe.ts';
import { pointOf, wantsThumbnail } from './point.ts';

export type IndexDeps = DescribeDeps & {
  /** Whether words in images are read. */
  readonly ocr: boolean;
  readonly now: () => Date;
};

export type Indexed = {
  /** Its words are to be read later. */
  readonly wordsFollow: boolean;
  /** The name that the image had before, which is no longer indexed. */
  readonly replaced: { readonly id: string; readonly key: string } | null;
};

/**
 * Reads an original, describes it and writes its point, in an order in which nothing is ever found that doesn't
 * load: record, thumbnails, point. Where the same bytes were indexed under a name that is gone, the new point
 * takes the old one's place, so that an image that was renamed is neither missing nor there twice.
 * @returns null where the object was deleted meanwhile
 * @throws ImageError for what is wrong with the image
 */
export async function indexOriginal(deps: IndexDeps, seen: Observation): Promise<Indexed | null> {
  const { id, key } = seen;
  const original = await ofImage(seen.object?.etag ?? '', deps.originals.get(key, deps.maxBytes));
  if (!original) return null;
  const { info } = original;
  const duplicates = parseOwnKey(key) ? [] : await duplicatesOf(deps.index, await sha1Of(original.bytes));
  const wantsWords = deps.ocr && !seen.record?.value?.skip_ocr;
  const { description, wordsFollow } = await describeOriginal(deps, original, { wantsWords, duplicates });
  const renamed = await findRenamed(
    deps,
    duplicates.filter(duplicate => duplicate.id !== id),
  );
  const record = await recordFor(deps, seen, description.sha1, renamed);
  const images = await writeImages(deps, seen, description, record);
  await deps.index.upsert([pointOf(id, info, description, record, images, deps.now())]);
  await noteWords(deps, seen, info.etag, description.words);
  const replaced = renamed && (await forgetRenamed(deps, renamed));
  return { wordsFollow, replaced };
}

/** Writes down that words are missing, or forgets the failure that there was. */
export async function noteWords(
  { store, now }: IndexDeps,
  seen: Observation,
  etag: string,
  words: WordsInImage | null,
): Promise<void> {
  if (words?.error) {
    const reason = new SemblanceError(words.error, 'Not all of its words could be read.');
    await store.writeFailure(failureOf(seen, etag, reason, now()));
  } else if (seen.failure) {
    await store.deleteFailure(seen.id);
  }
}

/** The record of a folder's or bucket's image follows its bytes. */
async function recordFor(
  deps: IndexDeps,
  { id, key, record }: Observation,
  sha1: string,
  renamed: Duplicate | null,
): Promise<Stored<ImageRecord> | null> {
  if (parseOwnKey(key)) return record;
  if (!record) return takeOverRecord(deps, { id, key, sha1 }, renamed);
  if (!record.value || record.value.sha1 === sha1) return record;
  return deps.store.writeRecord({ ...record.value, sha1 }, record.etag);
}

/** ETags of thumbnail and preview. */
async function writeImages(
  { store }: IndexDeps,
  { id, key }: Observation,
  { bytes, thumbnail, preview }: { bytes: number; thumbnail: Uint8Array; preview: Uint8Array },
  record: Stored<ImageRecord> | null,
): Promise<{ thumbnail: string | null; preview: string }> {
  const [small, large] = await Promise.all([
    wantsThumbnail(key, bytes, record?.value ?? null)
      ? store.writeImage('thumbnail', id, thumbnail)
      : store.deleteImages(id, ['thumbnail']).then(() => null),
    store.writeImage('preview', id, preview),
  ]);
  return { thumbnail: small, preview: large };
}

/** The old name's point; its record was taken over, or goes to another duplicate when the old key is looked at. */
async function forgetRenamed(
  { index, store }: IndexDeps,
  { id, payload }: Duplicate,
): Promise<Indexed['replaced']> {
  if (await store.hasRecord(id)) return null;
  await index.delete([id]);
  await store.deleteImages(id);
  return { id, key: payload.key };
}

/** Lower-case hex, computed beside the event loop: 50 MB take a tenth of a second. */
async function sha1Of(bytes: Original['bytes']): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new Uint8Array(bytes));
  return Buffer.from(digest).toString('hex');
}
