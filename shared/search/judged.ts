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

/**
 * What the best reason for an image decides; the others only tell apart images that fit as well by their best. Chance
 * brings weak reasons in any list, so they must not add up to a strong one.
 */
const BEST = 0.99;

/**
 * One list of several by how well each image fits: a list without anything that fits has no say, however its images
 * are ranked there. Ties by id.
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
      const fits = found.map(each => each?.fit ?? 0);
      const best = fits.indexOf(Math.max(...fits));
      const shares = fits.map((fit, i) => (i === best ? BEST * fit : ((1 - BEST) * fit) / (fits.length - 1)));
      const score = shares.reduce((sum, share) => sum + share, 0);
      return {
        id,
        score,
        fit: fits[best] ?? 0,
        parts: found.flatMap(each => each?.parts ?? []).sort((one, other) => other.fit - one.fit),
        ranks: found.map((each, i) => each && { rank: each.rank, share: shares[i] ?? 0 }),
      };
    })
    .sort(byScore);
}
