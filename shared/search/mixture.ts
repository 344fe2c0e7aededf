import { dot } from '../vectors/exact-vectors.ts';
import { averageQuery } from '../vectors/recommend.ts';
import type { BestQuery, NearestQuery } from '../vectors/vector-index.ts';

/** One of the things that an image should be like (weight > 0) or unlike (weight < 0). */
export type Example = {
  /** Float32Array[dimension], unit length. */
  readonly vector: Float32Array;
  readonly weight: number;
};

export type Mode = 'average' | 'best';

/** What to ask of the index, whatever the vector's name, filter and depth. */
export type Target = Pick<NearestQuery, 'nearest'> | Pick<BestQuery, 'best'>;

/**
 * How several examples become one question, as Qdrant's recommend has it. One positive and no negative: plain
 * nearness, in either mode. `average`: 2·mean(positive) − mean(negative), means weighted. `best`: the closest
 * example counts, weights by their sign alone. Without a positive, `average` looks away from the negatives'
 * mean. Null when no example has a weight other than 0.
 * Source: lib/collection/src/recommendations.rs, lib/segment/src/vector_storage/query/reco_query.rs.
 */
export function targetOf(examples: readonly Example[], mode: Mode): Target | null {
  const positive = examples.filter(example => example.weight > 0);
  const negative = examples
    .filter(example => example.weight < 0)
    .map(({ vector, weight }) => ({ vector, weight: -weight }));
  const [only] = positive;
  if (!only && negative.length === 0) return null;
  if (only && positive.length === 1 && negative.length === 0) return { nearest: only.vector };
  if (mode === 'best')
    return { best: { positive: positive.map(e => e.vector), negative: negative.map(e => e.vector) } };
  return {
    nearest: only ? averageQuery(positive, negative) : averageQuery(negative).map(value => -value),
  };
}

/**
 * How much each example has in the score of an image: shares that add up to the cosine (`average`), or each
 * one's own cosine to the image (`best`, where the closest decides).
 * @param target made of these examples
 * @param vector Float32Array[dimension] of the image, unit length
 */
export function sharesOf(examples: readonly Example[], target: Target, vector: Float32Array): number[] {
  const cosines = examples.map(example => dot(example.vector, vector));
  if ('best' in target) return cosines;
  const factors = factorsOf(examples.map(example => example.weight));
  const parts = cosines.map((cosine, i) => cosine * (factors[i] ?? 0));
  const sum = parts.reduce((total, part) => total + part, 0);
  const score = dot(target.nearest, vector);
  return Math.abs(sum) < 1e-9 ? parts : parts.map(part => (part / sum) * score);
}

/** What each example is multiplied with in 2·mean(positive) − mean(negative). */
function factorsOf(weights: readonly number[]): number[] {
  const sum = (sign: number) =>
    weights.reduce((total, weight) => total + (Math.sign(weight) === sign ? Math.abs(weight) : 0), 0);
  const positive = sum(1);
  const negative = sum(-1);
  const doubled = positive > 0 && negative > 0 ? 2 : 1;
  return weights.map(weight => (weight > 0 ? (doubled * weight) / positive : weight / (negative || 1)));
}
