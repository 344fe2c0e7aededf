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
