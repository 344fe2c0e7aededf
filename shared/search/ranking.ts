import { byScore } from '../vectors/by-score.ts';
import type { ScoredPoint } from '../vectors/vector-index.ts';

/** Constant of reciprocal rank fusion in Qdrant (lib/segment/src/common/reciprocal_rank_fusion.rs). */
const RRF_K = 2;

/** How deep each list of a fused search reaches, whatever the page, so that pages fit together. */
export const FUSION_DEPTH = 1_000;

/** How deep anyone can page. */
export const MAX_DEPTH = 10_000;

export type FusedPoint = ScoredPoint & {
  /** Rank from 0 in each list; null where the list lacks it. */
  readonly ranks: readonly (number | null)[];
};

/** What a list adds to a point at this rank (from 0): 1/((rank+1)/weight + k − 1). */
export const rrfShare = (rank: number, weight = 1, k = RRF_K): number =>
  weight > 0 ? 1 / ((rank + 1) / weight + k - 1) : 0;

/**
 * Reciprocal rank fusion: each list adds 1/(k + rank) to the points in it, rank from 0.
 * Source: Cormack et al., SIGIR 2009, with Qdrant's k = 2 and weights. Ties by id.
 */
export function fuse(
  lists: readonly (readonly ScoredPoint[])[],
  options: { readonly weights?: readonly number[]; readonly k?: number } = {},
): FusedPoint[] {
  const points = new Map<string, { id: string; score: number; ranks: (number | null)[] }>();
  for (const [i, list] of lists.entries()) {
    for (const [rank, { id }] of list.toSorted(byScore).entries()) {
      const point = points.get(id) ?? { id, score: 0, ranks: lists.map(() => null) };
      point.score += rrfShare(rank, options.weights?.[i], options.k);
      point.ranks[i] = rank;
      points.set(id, point);
    }
  }
  return [...points.values()].sort(byScore);
}
