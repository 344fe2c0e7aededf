import { VECTOR_OF, VISION } from '../catalog/collection.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';
import { type IndexedImage, imageOf, LISTED } from './images.ts';

/** Components of a sketch. */
export const SKETCH_DIMENSION = 64;

/** A component of a projected unit vector is seldom beyond half; what is, is cut. */
const SCALE = 254;

/**
 * Images ascending by id, each with a sketch of its vector: few enough bytes that a browser can hold 20,000, near
 * enough that neighbours stay neighbours.
 * @param limit at most 500, so that projecting them holds up no other request
 */
export async function listSketches(
  index: VectorIndex,
  { limit, offset }: { readonly limit: number; readonly offset?: string | undefined },
): Promise<{ images: IndexedImage[]; codes: Int8Array; next: string | null }> {
  const name = VECTOR_OF[VISION];
  const { points, next } = await index.scroll({ limit, offset, payload: LISTED, vectors: [name] });
  const seen = points.flatMap(point => {
    const vector = point.vectors[name];
    return vector ? [{ point, vector }] : [];
  });
  const codes = new Int8Array(seen.length * SKETCH_DIMENSION);
  for (const [i, { vector }] of seen.entries()) codes.set(sketchOf(vector), i * SKETCH_DIMENSION);
  return { images: seen.map(({ point }) => imageOf(point)), codes, next };
}

const matrices = new Map<number, Float32Array>();

/**
 * A unit vector projected on random directions, as bytes: distances are kept within about a tenth (Johnson and
 * Lindenstrauss 1984; signs instead of normal numbers, Achlioptas 2003).
 */
export function sketchOf(vector: Float32Array): Int8Array {
  const matrix = matrices.get(vector.length) ?? signs(vector.length);
  matrices.set(vector.length, matrix);
  const sketch = new Int8Array(SKETCH_DIMENSION);
  for (let row = 0; row < SKETCH_DIMENSION; row++) {
    let sum = 0;
    const first = row * vector.length;
    for (let i = 0; i < vector.length; i++) sum += vector[i]! * matrix[first + i]!;
    sketch[row] = Math.max(-127, Math.min(127, Math.round((SCALE * sum) / Math.sqrt(SKETCH_DIMENSION))));
  }
  return sketch;
}

/** +1 and −1 in an order that is always the same: bits of a xorshift generator (Marsaglia 2003). */
function signs(dimension: number): Float32Array {
  let state = 0x9e3779b9;
  return Float32Array.from({ length: dimension * SKETCH_DIMENSION }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0x10000 ? 1 : -1;
  });
}
