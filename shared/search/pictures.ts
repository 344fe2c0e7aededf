import { SemblanceError } from '../errors.ts';
import { type ImagePayload, payloadSchema } from '../indexing/payload.ts';
import type { StoredPoint, VectorIndex } from '../vectors/vector-index.ts';
import { type SearchFilters, toFilter } from './filters.ts';

/** A picture that is indexed. */
export type Picture = { readonly id: string; readonly payload: ImagePayload };

/** A stored point as a picture; a payload of another shape is a fault and throws zod's error. */
export const pictureOf = (point: StoredPoint): Picture => ({
  id: point.id,
  payload: payloadSchema.parse(point.payload),
});

/** The indexed picture with this id, or null. */
export async function findPicture(index: VectorIndex, id: string): Promise<Picture | null> {
  const [point] = await index.retrieve([id]);
  return point ? pictureOf(point) : null;
}

/**
 * Pictures ascending by id, from `offset` (inclusive); `next` is the id that the following page starts with.
 * @throws not_found for an offset that is not stored
 */
export async function listPictures(
  index: VectorIndex,
  options: {
    readonly filters: SearchFilters;
    readonly count: number;
    readonly offset?: string | undefined;
  },
): Promise<{ pictures: Picture[]; next: string | null }> {
  const { filters, count, offset } = options;
  if (offset !== undefined && (await index.retrieve([offset])).length === 0)
    throw new SemblanceError('not_found', `There is no picture ${offset}`);
  const { points, next } = await index.scroll({ filter: toFilter(filters), limit: count, offset });
  return { pictures: points.map(pictureOf), next };
}
