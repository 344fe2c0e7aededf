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

/** So that a collection of equal images does not divide by zero. */
const LEAST_SCALE = 1e-3;

/**
 * What is said of a fit. Of right first hits nine in ten are strong, of first hits where nothing is right hardly one
 * in ten (`npm run bench:fit`).
 */
export type Band = 'strong' | 'weak' | 'none';

export const STRONG = 0.87;
const WEAK = 0.5;

export const bandOf = (fit: number): Band => (fit >= STRONG ? 'strong' : fit >= WEAK ? 'weak' : 'none');
