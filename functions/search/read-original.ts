import { SemblanceError } from '../../shared/errors.ts';
import { findImage, type IndexedImage } from '../../shared/search/images.ts';
import type { AppDeps } from './deps.ts';

type OriginalDeps = Pick<AppDeps, 'index' | 'originals' | 'limits'>;

/**
 * The bytes of an indexed image.
 * @throws not_found; store_unavailable where they are gone or others by now, which indexing has yet to see
 */
export async function readOriginal(deps: OriginalDeps, id: string): Promise<Uint8Array> {
  const image = await findImage(deps.index, id);
  if (!image) throw new SemblanceError('not_found', `There is no image ${id}`);
  return readBytesOf(deps, image);
}

/** @throws as readOriginal */
export async function readBytesOf(
  { originals, limits }: OriginalDeps,
  { id, payload }: IndexedImage,
): Promise<Uint8Array> {
  const found = await originals.get(payload.key, limits.stored);
  if (found?.info.etag === payload.etag) return found.bytes;
  throw new SemblanceError('store_unavailable', `The file of ${id} has changed and is not indexed again yet`);
}
