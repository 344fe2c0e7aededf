import { posix } from 'node:path';
import { browseFields } from '../catalog/browse-fields.ts';
import { OCR_TERMS, VECTOR_OF } from '../catalog/collection.ts';
import { parseOwnKey } from '../catalog/ids.ts';
import type { ImageDescription, WordsInImage } from '../catalog/image-description.ts';
import { THUMBNAIL_NECESSARY_BYTES } from '../catalog/limits.ts';
import type { ImagePayload } from '../catalog/payload.ts';
import type { ImageRecord } from '../catalog/record.ts';
import { localClock, type Taken, takenOfName } from '../catalog/taken.ts';
import { WORDS_VERSION } from '../catalog/words-version.ts';
import type { ObjectInfo } from '../objects/object-store.ts';
import { documentTerms } from '../ocr/bm25.ts';
import { lettersOf, phraseOf } from '../ocr/tokens.ts';
import type { Payload, Point, StoredPoint } from '../vectors/vector-index.ts';
import type { Stored } from './derived-store.ts';

/** Whether thumbnails/<id>.webp is made: for a folder's or bucket's image always, for an upload as its request said. */
export function wantsThumbnail(key: string, bytes: number, record: ImageRecord | null): boolean {
  if (!parseOwnKey(key)) return true;
  const wish = record?.thumbnail ?? 'always';
  return wish === 'always' || (wish === 'if_necessary' && bytes > THUMBNAIL_NECESSARY_BYTES);
}

/** An image as the index holds it. */
export function pointOf(
  id: string,
  object: ObjectInfo,
  description: ImageDescription,
  record: Stored<ImageRecord> | null,
  made: { readonly thumbnail: string | null; readonly preview: string },
  now: Date,
): Point {
  const { words } = description;
  const hasThumbnail = wantsThumbnail(object.key, description.bytes, record?.value ?? null);
  const name = parseOwnKey(object.key) ? (record?.value?.name ?? null) : posix.basename(object.key);
  const taken = description.taken ?? takenOfName(name ?? '') ?? takenOfFile(object);
  const payload: ImagePayload = {
    key: object.key,
    etag: object.etag,
    name,
    format: description.format,
    bytes: description.bytes,
    sha1: description.sha1,
    width: description.width,
    height: description.height,
    aspect_ratio: description.width / description.height,
    damaged: description.damaged,
    index_date: now.toISOString(),
    taken_at: taken.at,
    taken_at_source: taken.source,
    taken_local: localClock(taken.at),
    name_phrase: name === null ? null : phraseOf(name),
    ...browseFields({ key: object.key, name, takenAt: taken.at, exif: description.exif }),
    placeholder: description.placeholder,
    dhash: description.dhash,
    has_thumbnail: hasThumbnail,
    has_preview: true,
    thumbnail_etag: made.thumbnail,
    preview_etag: made.preview,
    ...annotationsOf(object.key, record, hasThumbnail),
    ...readOf(words),
  };
  return {
    id,
    vectors: {
      [VECTOR_OF.vision]: description.embedding,
      ...(words?.embedding ? { [VECTOR_OF.ocr]: words.embedding } : {}),
    },
    ...sparseOf(words),
    payload: withoutNulls(payload),
  };
}

/**
 * A point that was made without words, with them.
 * @param point with its vector `vision`
 */
export function pointWithWords(point: StoredPoint, words: WordsInImage, annotations: Payload): Point {
  return {
    id: point.id,
    vectors: { ...point.vectors, ...(words.embedding ? { [VECTOR_OF.ocr]: words.embedding } : {}) },
    ...sparseOf(words),
    payload: withoutNulls({ ...point.payload, ...annotations, ...readOf(words) }),
  };
}

const takenOfFile = ({ modified }: ObjectInfo): Taken => ({ at: modified.toISOString(), source: 'file' });

const readOf = (words: WordsInImage | null) => ({
  ocr_text: words?.text ?? null,
  ocr_lines: [...(words?.lines ?? [])],
  ocr_phrase: words ? phraseOf(words.text) : null,
  ocr_letters: words ? lettersOf(words.text) : null,
  words_version: words ? WORDS_VERSION : null,
  ocr_error: words?.error ?? null,
});

type Annotations = Pick<
  ImagePayload,
  'record_etag' | 'local' | 'url' | 'thumbnail_url' | 'starred' | 'categories' | 'comments' | 'skip_ocr'
>;

/** The payload fields that a record decides; null deletes a field when this is set on a point. */
export function annotationsOf(
  key: string,
  record: Stored<ImageRecord> | null,
  hasThumbnail: boolean,
): Annotations {
  const annotations = record?.value;
  const local = annotations?.local ?? parseOwnKey(key)?.area !== 'remote';
  return {
    record_etag: record?.etag ?? null,
    local,
    url: local ? null : (annotations?.url ?? null),
    thumbnail_url: local || hasThumbnail ? null : (annotations?.thumbnail_url ?? null),
    starred: annotations?.starred ?? false,
    categories: annotations?.categories ?? null,
    comments: annotations?.comments ?? null,
    skip_ocr: annotations?.skip_ocr ?? false,
  };
}

const sparseOf = (words: WordsInImage | null): Pick<Point, 'sparse'> =>
  words && words.text !== '' ? { sparse: { [OCR_TERMS]: documentTerms(words.text) } } : {};

const withoutNulls = (payload: Payload): Payload =>
  Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== null));
