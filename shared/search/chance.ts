/**
 * How likely it is that a score says something. Among N images that have nothing to do with a search some still
 * score high, and more so the larger N is. Scores of unrelated pairs are taken for a sample: beyond a high
 * threshold their excess is close to exponential (Pickands–Balkema–de Haan), so the largest of N of them follows
 * Gumbel's law, whose place and scale come from the threshold and the mean excess. A score's fit is the
 * probability that the largest of N unrelated scores would be lower. It needs no constant of a model: another
 * vector space has other scores, and with them another threshold.
 */
export type Chance = {
  /** 0 to 1, rising with the score. */
  fit(score: number): number;
};

/** Share of the sample above the threshold, and how many there are at the least. */
const TAIL = 0.01;
const LEAST_TAIL = 20;

/**
 * @param unrelated scores of pairs that have nothing to do with each other, in any order; not empty
 * @param images how many are searched
 */
export function chanceOf(unrelated: Float64Array, images: number): Chance {
  const sorted = unrelated.toSorted();
  const above = Math.min(sorted.length, Math.max(LEAST_TAIL, Math.round(sorted.length * TAIL)));
  const threshold = sorted[sorted.length - above]!;
  let excess = 0;
  for (let i = sorted.length - above; i < sorted.length; i++) excess += sorted[i]! - threshold;
  const scale = Math.max(excess / above, LEAST_SCALE);
  const place = threshold + scale * Math.log(Math.max((images * above) / sorted.length, Number.MIN_VALUE));
  return { fit: score => Math.exp(-Math.exp((place - score) / scale)) };
}

/** The least scale, so that a collection of equal images does not divide by zero. */
const LEAST_SCALE = 1e-3;

/**
 * The same of one search's own list, where no unrelated scores are known: below its first few images the scores of an
 * exponential tail fall with the logarithm of the rank. Null for a list that is too short for it.
 * @param scores falling
 */
export function chanceOfRanked(scores: readonly number[]): Chance | null {
  const far = Math.min(LAST_RANK, Math.floor(scores.length / 4));
  const near = Math.floor(far / 10);
  if (near < 1) return null;
  const [high, low] = [scores[near - 1]!, scores[far - 1]!];
  const scale = Math.max((high - low) / Math.log(far / near), LEAST_SCALE);
  const place = high + scale * Math.log(near);
  return { fit: score => Math.exp(-Math.exp((place - score) / scale)) };
}
const LAST_RANK = 200;

/**
 * The bands of a fit: strong is what chance alone brings in one search of eight. The threshold was chosen on the
 * first set of searches of `npm run bench:fit`, so that searches with and without a right image are recognised in English and Chinese.
 */
export type Band = 'strong' | 'weak' | 'none';

export const STRONG = 0.87;
export const WEAK = 0.5;

export const bandOf = (fit: number): Band => (fit >= STRONG ? 'strong' : fit >= WEAK ? 'weak' : 'none');
