import { SemblanceError } from '../errors.ts';

/** f32 machine epsilon, below which Qdrant takes a squared length for zero. */
const EPSILON = 2 ** -23;

/**
 * The vector at unit length, Float32Array[n], always a copy. One whose squared length is next to 0, or within
 * 1e-6 of 1, is left as it is.
 * Source: Qdrant, lib/segment/src/spaces/simple.rs (cosine_preprocess).
 */
export function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += vector[i]! * vector[i]!;
  if (squares < EPSILON || Math.abs(squares - 1) <= 1e-6) return vector.slice();
  const length = Math.sqrt(squares);
  return vector.map(value => value / length);
}

/** The vector at unit length. @throws index_rejected for a wrong size or a component that is no number */
export function unitOf({ dimension }: { readonly dimension: number }, vector: Float32Array): Float32Array {
  if (vector.length !== dimension)
    throw new SemblanceError(
      'index_rejected',
      `Vector dimension error: expected dim: ${dimension}, got ${vector.length}`,
    );
  if (!vector.every(Number.isFinite))
    throw new SemblanceError('index_rejected', 'A vector has a component that is not a finite number');
  return unit(vector);
}
