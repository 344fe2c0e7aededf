import { SemblanceError } from '../errors.ts';

/**
 * Float32Array[n] scaled to unit length, a copy.
 * @throws model_corrupt when it has no direction (zero, infinite or NaN)
 */
export function toUnitLength(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const component of vector) sum += component * component;
  const length = Math.sqrt(sum);
  if (!(length > 0 && Number.isFinite(length))) {
    throw new SemblanceError('model_corrupt', `The model gave a vector of length ${length}`);
  }
  return vector.map(component => component / length);
}

/**
 * The mean of unit vectors by their weights, at unit length.
 * @throws model_corrupt when it has no direction
 */
export function meanOf(
  vectors: readonly { readonly vector: Float32Array; readonly weight: number }[],
): Float32Array {
  const [first] = vectors;
  if (first === undefined) throw new RangeError('nothing to take a mean of');
  if (vectors.length === 1) return first.vector;
  const sum = new Float32Array(first.vector.length);
  for (const { vector, weight } of vectors)
    for (const [d, component] of vector.entries()) sum[d] = sum[d]! + component * weight;
  return toUnitLength(sum);
}
