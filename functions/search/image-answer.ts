import type { Picture } from '../../shared/search/pictures.ts';
import type { Hit, SearchAnswer } from '../../shared/search/search.ts';
import { counted } from './answers.ts';
import type { PictureUrls } from './deps.ts';
import type { Image } from './schemas.ts';

/** A picture as clients read it, its URLs ready to load. */
export async function imageAnswer(picture: Picture, urls: PictureUrls): Promise<Image> {
  const { id, payload } = picture;
  const [url, thumbnail, preview] = await Promise.all([
    payload.local ? urls('original', picture) : (payload.url ?? ''),
    payload.has_thumbnail ? urls('thumbnail', picture) : payload.thumbnail_url || null,
    payload.has_preview ? urls('preview', picture) : null,
  ]);
  return {
    id,
    url,
    thumbnail_url: thumbnail,
    ocr_text: payload.ocr_text,
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
    preview_url: preview,
    placeholder: payload.placeholder,
    sha1: payload.sha1,
    bytes: payload.bytes,
    name: payload.name,
  };
}

/** A search answer in the shape of the contract. */
export async function searchAnswer(
  hits: readonly Hit[],
  urls: PictureUrls,
  notice: SearchAnswer['notice'] = null,
) {
  const result = await Promise.all(
    hits.map(async hit => ({ img: await imageAnswer(hit, urls), score: hit.score })),
  );
  return {
    message: result.length === 0 ? 'Nothing was found.' : `Found ${counted(result.length, 'picture')}.`,
    query_id: crypto.randomUUID(),
    result,
    notice,
  };
}
