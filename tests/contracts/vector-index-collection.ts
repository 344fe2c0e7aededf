import { afterAll, beforeAll } from 'vitest';
import type { CollectionSchema, Point, VectorIndex } from '../../shared/vectors/vector-index.ts';

/** The collection of the suite: small vectors, every type of payload field. */
export const CONTRACT_SCHEMA: CollectionSchema = {
  vectors: { vision: 8, ocr: 4 },
  sparse: ['ocr_terms'],
  hashes: ['hash'],
  payload: {
    name: 'keyword',
    tags: 'keyword',
    digest: 'unique',
    width: 'integer',
    rank: 'integer',
    ratio: 'float',
    starred: 'bool',
    taken_at: 'datetime',
    phrase: 'phrase',
    letters: 'letters',
  },
};

export type OpenVectorIndex = () => Promise<VectorIndex>;

/** A UUID that sorts as its number. */
export const id = (n: number): string => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;

/** A vector of unit length in the plane of the first two axes: the cosine of two is that of the angle between them. */
export const angle = (degrees: number, dimension = 8): Float32Array => {
  const vector = new Float32Array(dimension);
  vector[0] = Math.cos((degrees * Math.PI) / 180);
  vector[1] = Math.sin((degrees * Math.PI) / 180);
  return vector;
};

export const point = (n: number, degrees: number, payload: Point['payload'] = {}): Point => ({
  id: id(n),
  vectors: { vision: angle(degrees) },
  payload,
});

export const ids = (found: readonly { id: string }[]): string[] => found.map(each => each.id);

/** An index for the tests of a `describe`, which holds these points at first. */
export type FreshIndex = (points?: readonly Point[]) => () => VectorIndex;

/** @param open an empty index of CONTRACT_SCHEMA, each time another */
export const freshIndex =
  (open: OpenVectorIndex): FreshIndex =>
  (points = []) => {
    let index: VectorIndex | undefined;
    const current = (): VectorIndex => {
      if (!index) throw new Error('The index is there only while the tests run');
      return index;
    };
    beforeAll(async () => {
      index = await open();
      await index.bootstrap();
      await index.upsert(points);
    });
    afterAll(() => index?.close());
    return current;
  };
