import { VECTOR_OF } from '../catalog/collection.ts';
import { previewKey, thumbnailKey } from '../catalog/derived-keys.ts';
import { parseOwnKey } from '../catalog/ids.ts';
import type { ImageDescription, WordsInImage } from '../catalog/image-description.ts';
import { type ImagePayload, payloadSchema } from '../catalog/payload.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';

/** A point with the same bytes as another image: its copy, or what it was called before. */
export type Twin = { readonly id: string; readonly payload: ImagePayload };

const MOST_TWINS = 100;
/** bytes; a WebP within 768 × 768 has a fraction of them. */
const LARGEST_THUMBNAIL = 4_000_000;

/** Other points with these bytes, uploads left out: what people said of them is theirs. */
export async function twinsOf(index: VectorIndex, id: string, sha1: string): Promise<Twin[]> {
  const { points } = await index.scroll({
    filter: { must: [{ key: 'sha1', match: { value: sha1 } }], must_not: [{ has_id: [id] }] },
    limit: MOST_TWINS,
  });
  return points.flatMap(point => {
    const { success, data } = payloadSchema.safeParse(point.payload);
    return success && !parseOwnKey(data.key) ? [{ id: point.id, payload: data }] : [];
  });
}

type TwinDeps = {
  readonly derived: ObjectStore;
  readonly index: VectorIndex;
};

/** What is known of these bytes from a point that has them; null when nothing is. */
export async function descriptionOfTwin(
  deps: TwinDeps,
  id: string,
  bytes: Uint8Array,
): Promise<ImageDescription | null> {
  for (const twin of await twinsOf(deps.index, id, await sha1Of(bytes))) {
    const description = await describeTwin(deps, twin);
    if (description) return description;
  }
  return null;
}

async function describeTwin(deps: TwinDeps, { id, payload }: Twin): Promise<ImageDescription | null> {
  if (!payload.has_thumbnail || !payload.has_preview || payload.placeholder === null) return null;
  const [[point], thumbnail, preview] = await Promise.all([
    deps.index.retrieve([id], { vectors: Object.values(VECTOR_OF) }),
    deps.derived.get(thumbnailKey(id), LARGEST_THUMBNAIL),
    deps.derived.get(previewKey(id), LARGEST_THUMBNAIL),
  ]);
  const embedding = point?.vectors[VECTOR_OF.vision];
  if (!embedding || !thumbnail || !preview) return null;
  // its object may have changed, and its thumbnails with it, while the point still stands
  if (thumbnail.info.etag !== payload.thumbnail_etag || preview.info.etag !== payload.preview_etag)
    return null;
  return {
    format: payload.format,
    width: payload.width,
    height: payload.height,
    bytes: payload.bytes,
    sha1: payload.sha1,
    takenAt: payload.taken_at,
    exif: payload.exif,
    dhash: payload.dhash,
    placeholder: payload.placeholder,
    thumbnail: thumbnail.bytes,
    preview: preview.bytes,
    embedding,
    words: wordsOf(payload, point.vectors[VECTOR_OF.ocr] ?? null),
  };
}

function wordsOf(payload: ImagePayload, embedding: Float32Array | null): WordsInImage | null {
  const { ocr_text: text, ocr_lines: lines, ocr_error: error } = payload;
  if (text === null || error !== null) return null;
  return { text, lines, embedding, error };
}

/** Lower-case hex, computed beside the event loop: 50 MB take a tenth of a second. */
async function sha1Of(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new Uint8Array(bytes));
  return Buffer.from(digest).toString('hex');
}
