import { parseOwnKey } from '../../shared/catalog/ids.ts';
import { annotationVersion } from '../../shared/indexing/library.ts';
import { counted } from '../../shared/progress.ts';
import type { IndexedImage } from '../../shared/search/images.ts';
import type { Hit } from '../../shared/search/search.ts';
import type { ImageUrls } from './deps.ts';
import type { Image } from './schemas.ts';

/** An image as clients read it, its URLs ready to load. */
export async function imageResponse(image: IndexedImage, urls: ImageUrls): Promise<Image> {
  const { id, payload } = image;
  const [url, thumbnail, preview] = await Promise.all([
    payload.local ? urls('original', image) : (payload.url ?? ''),
    payload.has_thumbnail ? urls('thumbnail', image) : payload.thumbnail_url || null,
    payload.has_preview ? urls('preview', image) : null,
  ]);
  return {
    id,
    url,
    thumbnail_url: thumbnail,
    ocr_text: payload.ocr_text,
    ocr_error: payload.ocr_error,
    index_date: payload.index_date,
    width: payload.width,
    height: payload.height,
    aspect_ratio: payload.aspect_ratio,
    starred: payload.starred,
    categories: payload.categories,
    local: payload.local,
    local_thumbnail: payload.has_thumbnail,
    format: payload.format,
    comments: payload.comments,
    taken_at: payload.taken_at,
    taken_at_source: payload.taken_at_source,
    preview_url: preview,
    placeholder: payload.placeholder,
    sha1: payload.sha1,
    bytes: payload.bytes,
    damaged: payload.damaged,
    name: payload.name,
    path: parseOwnKey(payload.key) ? null : payload.key,
    version: annotationVersion(payload.record_etag),
    exif: payload.exif,
  };
}

/** A search response in the shape of the contract. */
export async function searchResponse(hits: readonly Hit[], urls: ImageUrls, notice: string | null = null) {
  const result = await Promise.all(
    hits.map(async hit => ({ img: await imageResponse(hit, urls), score: hit.score })),
  );
  return {
    message: result.length === 0 ? 'Nothing was found.' : `Found ${counted(result.length, 'image')}.`,
    query_id: crypto.randomUUID(),
    result,
    notice,
  };
}
