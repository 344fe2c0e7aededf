import { SemblanceError } from '../errors.ts';
import { unit } from './unit.ts';

/** A vector that a search starts from, Float32Array[dimension], and how much it counts (> 0; 1 unless told). */
export type Example = { readonly vector: Float32Array; readonly weight?: number | undefined };

/**
 * One query vector for several examples, Float32Array[dimension] of unit length: the mean of the positives, or
 * 2·mean(positives) − mean(negatives). Means are weighted; examples are not normalised before.
 * Source: Qdrant's average_vector, lib/collection/src/recommendations.rs.
 * @throws invalid_request without a positive example
 */
export function averageQuery(positive: readonly Example[], negative: readonly Example[] = []): Float32Array {
  const wanted = mean(positive);
  if (!wanted) throw new SemblanceError('invalid_request', 'A search by average needs a positive example');
  const unwanted = mean(negative);
  return unit(unwanted ? wanted.map((value, i) => 2 * value - unwanted[i]!) : wanted);
}

function mean(examples: readonly Example[]): Float32Array | undefined {
  const first = examples[0];
  if (!first) return undefined;
  const sum = new Float64Array(first.vector.length);
  let total = 0;
  for (const { vector, weight = 1 } of examples) {
    for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + weight * vector[i]!;
    total += weight;
  }
  return Float32Array.from(sum, value => value / total);
}
