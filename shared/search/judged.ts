import { byScore } from '../vectors/by-score.ts';
import type { ScoredPoint } from '../vectors/vector-index.ts';

/** What speaks for an image: what it shows, what the words in it mean, or the words themselves. */
export type Part = 'image' | 'meaning' | 'words';

/** How much each part alone speaks for an image, 0 to 1; parts that say nothing are left out. */
export type Parts = readonly { readonly part: Part; readonly fit: number }[];

/** An image in one list: `score` orders it, `fit` (0 to 1) is comparable between lists. */
export type Judged = ScoredPoint & { readonly fit: number; readonly parts: Parts };

/** An image of the response, with its rank from 0 and its share of the score in each list; null where the list lacks it. */
export type RankedPoint = ScoredPoint & {
  readonly fit?: number | undefined;
  readonly parts?: Parts | undefined;
  readonly ranks: readonly ({ readonly rank: number; readonly share: number } | null)[];
};

/** Two independent reasons: the probability that not both are chance. */
export const eitherOf = (fits: readonly number[]): number =>
  1 - fits.reduce((rest, fit) => rest * (1 - fit), 1);

/**
 * One list of several by how well each image fits: a list without anything that fits has no say, however its images
 * are ranked there, and an image that fits by two is before those that fit by one. Ties by id.
 * @param weights by which each list's fit is multiplied; the largest counts as 1
 */
export function joinByFit(lists: readonly (readonly Judged[])[], weights: readonly number[]): RankedPoint[] {
  const largest = Math.max(...weights);
  const points = new Map<string, ({ rank: number; fit: number; parts: Parts } | null)[]>();
  for (const [i, list] of lists.entries()) {
    const weight = largest > 0 ? (weights[i] ?? 1) / largest : 0;
    for (const [rank, { id, fit, parts }] of list.entries()) {
      const found = points.get(id) ?? lists.map(() => null);
      found[i] = { rank, fit: weight * fit, parts };
      points.set(id, found);
    }
  }
  return [...points]
    .map(([id, found]) => {
      const score = eitherOf(found.map(each => each?.fit ?? 0));
      const sum = found.reduce((total, each) => total + (each?.fit ?? 0), 0);
      return {
        id,
        score,
        fit: score,
        parts: found.flatMap(each => each?.parts ?? []),
        ranks: found.map(each => each && { rank: each.rank, share: sum > 0 ? (score * each.fit) / sum : 0 }),
      };
    })
    .sort(byScore);
}
