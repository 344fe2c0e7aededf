import { VECTOR_OF } from '../catalog/collection.ts';
import { parseOwnKey } from '../catalog/ids.ts';
import type { ImageDescription, WordsInImage } from '../catalog/image-description.ts';
import { type ImagePayload, payloadSchema } from '../catalog/payload.ts';
import type { Taken } from '../catalog/taken.ts';
import { WORDS_VERSION } from '../catalog/words-version.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';
import type { DerivedStore } from './derived-store.ts';

/** An indexed image with the same bytes as another: its copy, or what it was called before. */
export type Duplicate = { readonly id: string; readonly payload: ImagePayload };

const MOST_DUPLICATES = 100;

/** Indexed images with these bytes, uploads left out: their annotations are theirs. */
export async function duplicatesOf(index: VectorIndex, sha1: string): Promise<Duplicate[]> {
  const { points } = await index.scroll({
    filter: { must: [{ key: 'sha1', match: { value: sha1 } }] },
    limit: MOST_DUPLICATES,
  });
  return points.flatMap(point => {
    const { success, data } = payloadSchema.safeParse(point.payload);
    return success && !parseOwnKey(data.key) ? [{ id: point.id, payload: data }] : [];
  });
}

/** What is known of the bytes from an image that has them; null where its point is incomplete. */
export async function describeDuplicate(
  { index, store }: { readonly index: VectorIndex; readonly store: DerivedStore },
  { id, payload }: Duplicate,
): Promise<ImageDescription | null> {
  if (!payload.has_thumbnail || !payload.has_preview || payload.placeholder === null) return null;
  const [[point], thumbnail, preview] = await Promise.all([
    index.retrieve([id], { vectors: Object.values(VECTOR_OF) }),
    store.readImage('thumbnail', id),
    store.readImage('preview', id),
  ]);
  const embedding = point?.vectors[VECTOR_OF.vision];
  if (!embedding || !thumbnail || !preview) return null;
  // Its object and its thumbnails may have changed while its point still exists.
  if (thumbnail.info.etag !== payload.thumbnail_etag || preview.info.etag !== payload.preview_etag)
    return null;
  return {
    format: payload.format,
    width: payload.width,
    height: payload.height,
    bytes: payload.bytes,
    sha1: payload.sha1,
    damaged: payload.damaged,
    taken: takenOf(payload),
    exif: payload.exif,
    dhash: payload.dhash,
    placeholder: payload.placeholder,
    thumbnail: thumbnail.bytes,
    preview: preview.bytes,
    embedding,
    words: wordsOf(payload, point.vectors[VECTOR_OF.ocr] ?? null),
  };
}

/** Its name and the time of its file are not the other's. */
function takenOf({ taken_at: at, taken_at_source: source }: ImagePayload): Taken | null {
  return at === null || source === 'name' || source === 'file' ? null : { at, source };
}

function wordsOf(payload: ImagePayload, embedding: Float32Array | null): WordsInImage | null {
  const { ocr_text: text, ocr_lines: lines, ocr_error: error, words_version: version } = payload;
  if (text === null || error !== null || version !== WORDS_VERSION) return null;
  return { text, lines, embedding, error };
}
