/**
 * Of the cosines to the nearest positive and to the nearest negative example, −∞ where there are none.
 * Source: see BestQuery.
 */
export const bestScore = (liked: number, disliked: number): number =>
  liked > disliked ? sigmoid(liked) : -sigmoid(disliked);

const sigmoid = (x: number): number => 0.5 * (x / (1 + Math.abs(x)) + 1);
