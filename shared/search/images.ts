import { version } from 'uuid';
import { type ImagePayload, payloadSchema } from '../catalog/payload.ts';
import { SemblanceError } from '../errors.ts';
import type { StoredPoint, VectorIndex } from '../vectors/vector-index.ts';
import { type SearchFilters, toFilter } from './filters.ts';

/** An image that is indexed. */
export type IndexedImage = { readonly id: string; readonly payload: ImagePayload };

/** A stored point as an image; a payload of another shape is a fault and throws zod's error. */
export const imageOf = (point: StoredPoint): IndexedImage => ({
  id: point.id,
  payload: payloadSchema.parse(point.payload),
});

/** Fields of an image in a list: all but those that only explanations and filters read. */
export const LISTED = Object.keys(payloadSchema.shape).filter(
  field => field !== 'ocr_lines' && field !== 'ocr_phrase',
);

/** The indexed image with this id, or null. */
export async function findImage(index: VectorIndex, id: string): Promise<IndexedImage | null> {
  const [point] = await index.retrieve([id]);
  return point ? imageOf(point) : null;
}

/**
 * Images ascending by id, from `offset` (inclusive); `next` is the id that the following page starts with.
 * An image that was deleted since the page that named it does not end the list: the page begins with the next.
 * @throws not_found for an offset that no page can have named
 */
export async function listImages(
  index: VectorIndex,
  options: {
    readonly filters: SearchFilters;
    readonly count: number;
    readonly offset?: string | undefined;
  },
): Promise<{ images: IndexedImage[]; next: string | null }> {
  const { filters, count, offset } = options;
  const { points, next } = await index.scroll({
    filter: toFilter(filters),
    limit: count,
    offset,
    payload: LISTED,
  });
  if (offset !== undefined && points[0]?.id !== offset && !(await mayHaveBeenStored(index, offset)))
    throw new SemblanceError('not_found', `There is no image ${offset}`);
  return { images: points.map(imageOf), next };
}

/** Ids are UUIDs of version 5; another one, of an image of another server, is known only while it is here. */
async function mayHaveBeenStored(index: VectorIndex, id: string): Promise<boolean> {
  return version(id) === 5 || (await index.retrieve([id], { payload: false })).length > 0;
}
