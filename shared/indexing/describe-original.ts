import { parseOwnKey } from '../catalog/ids.ts';
import {
  type ImageDescription,
  type ImageReader,
  type WordsInImage,
  wordsGivenUp,
} from '../catalog/image-description.ts';
import { type ErrorCode, SemblanceError } from '../errors.ts';
import type { ObjectInfo } from '../objects/object-store.ts';
import { type Duplicate, describeDuplicate } from './duplicates.ts';
import type { HandOverDeps } from './hand-over.ts';
import { ImageError, ofImage } from './image-failure.ts';

export type DescribeDeps = HandOverDeps & {
  readonly reader: ImageReader;
  /** Larger objects are not read. */
  readonly maxBytes: number;
  /**
   * Where it is given, a folder's new image gets its point without words, found at once by what it shows,
   * and this asks for the key to be reconciled once more, after others. Uploads, which come one by one, are
   * complete when they are found.
   */
  readonly wordsLater?: (key: string) => Promise<void>;
};

export type Original = { readonly info: ObjectInfo; readonly bytes: Uint8Array };
type Described = { readonly description: ImageDescription; readonly wordsFollow: boolean };

type Reasons = { readonly [Code in ErrorCode]?: NonNullable<WordsInImage['error']> };

/** What ends the reader on an image that it may be able to read without its words. */
const READER_ENDED: Reasons = {
  image_timeout: 'ocr_timeout',
  image_unreadable: 'ocr_failed',
  machine_busy: 'ocr_timeout',
};

/** What ends the reader on the words of an image that it could read without them. */
const WORDS_GIVEN_UP: Reasons = { ...READER_ENDED, image_corrupt: 'ocr_failed' };

/**
 * All that is known of an image's bytes: from an indexed image that has them, else what the reader finds. A
 * folder that is renamed is thus not computed again, image by image, nor is a file whose time alone changed.
 * @param original its bytes may be gone afterwards
 * @throws ImageError for what is wrong with the image
 */
export async function describeOriginal(
  deps: DescribeDeps,
  original: Original,
  { wantsWords, duplicates }: { wantsWords: boolean; duplicates: readonly Duplicate[] },
): Promise<Described> {
  const { info, bytes } = original;
  const mayFollow = deps.wordsLater !== undefined && !parseOwnKey(info.key);
  const known = await firstDescription(deps, duplicates);
  if (known && (known.words || !wantsWords || mayFollow)) {
    return {
      description: wantsWords ? known : { ...known, words: null },
      wordsFollow: wantsWords && !known.words,
    };
  }
  if (wantsWords && !mayFollow)
    return { description: await describeWithWords(deps, original), wordsFollow: false };
  const description = await ofImage(info.etag, deps.reader.describe(bytes, { ocr: false }));
  return { description, wordsFollow: wantsWords };
}

async function firstDescription(
  deps: DescribeDeps,
  duplicates: readonly Duplicate[],
): Promise<ImageDescription | null> {
  for (const duplicate of duplicates) {
    const description = await describeDuplicate(deps, duplicate);
    if (description) return description;
  }
  return null;
}

/** Where reading its words fails, the image is still found by what it shows. */
async function describeWithWords(deps: DescribeDeps, { info, bytes }: Original): Promise<ImageDescription> {
  try {
    return await ofImage(info.etag, deps.reader.describe(bytes, { ocr: true }));
  } catch (error) {
    const reason = error instanceof ImageError ? READER_ENDED[error.reason.code] : undefined;
    if (!reason) throw error;
    // The reader may have transferred the bytes to its process.
    const original = await deps.originals.get(info.key, deps.maxBytes);
    if (original?.info.etag !== info.etag) throw error;
    const description = await ofImage(info.etag, deps.reader.describe(original.bytes, { ocr: false }));
    return { ...description, words: wordsGivenUp(reason) };
  }
}

/** The words alone, of an image that is indexed without. */
export async function readWordsOf(deps: DescribeDeps, bytes: Uint8Array): Promise<WordsInImage> {
  try {
    return await deps.reader.readWords(bytes);
  } catch (error) {
    const reason = error instanceof SemblanceError ? WORDS_GIVEN_UP[error.code] : undefined;
    if (!reason) throw error;
    return wordsGivenUp(reason);
  }
}
