import { byId } from '../vectors/by-score.ts';
import type { ScoredPoint } from '../vectors/vector-index.ts';
import { WEAK } from './chance.ts';

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
 * What other reasons add to the best one. Chance brings weak reasons in any list, so they must not add up to a strong
 * one; they only separate images that fit about as well by their best.
 */
const OTHERS = 0.01;

/**
 * One list of several by how well each image fits by its best evidence: a list in which nothing fits has no say,
 * however its images are ranked there. Fits are joined as evidence, −ln(1 − fit), which still separates what is all
 * but certain: the score is 1 − (1 − best) · Π(1 − other)^0.01, where others below `weak` count nothing. Equal scores
 * by rank, then by id.
 * @param weights by which each list's fit is multiplied; the largest counts as 1
 */
export function joinByFit(lists: readonly (readonly Judged[])[], weights: readonly number[]): RankedPoint[] {
  const largest = Math.max(...weights);
  const points = new Map<string, ({ rank: number; fit: number; parts: Parts } | null)[]>();
  for (const [i, list] of lists.entries()) {
    const weight = largest > 0 ? (weights[i] ?? 1) / largest : 0;
    const fits = fallingFits(list);
    for (const [rank, { id, parts }] of list.entries()) {
      const found = points.get(id) ?? lists.map(() => null);
      found[i] = { rank, fit: weight * fits[rank]!, parts };
      points.set(id, found);
    }
  }
  return [...points]
    .map(([id, found]) => {
      const fits = found.map(each => each?.fit ?? 0);
      const best = fits.indexOf(Math.max(...fits));
      const evidence = fits.map((fit, i) =>
        i === best ? evidenceOf(fit) : OTHERS * Math.max(0, evidenceOf(fit) - evidenceOf(WEAK)),
      );
      const total = evidence.reduce((sum, each) => sum + each, 0);
      const score = -Math.expm1(-total);
      const ranks = found.map(
        (each, i) => each && { rank: each.rank, share: total > 0 ? (score * evidence[i]!) / total : 0 },
      );
      const parts = found.flatMap(each => each?.parts ?? []).sort((one, other) => other.fit - one.fit);
      const first = Math.min(...found.map((each, i) => (each && fits[i]! > 0 ? each.rank : Infinity)));
      return { id, score, fit: fits[best] ?? 0, parts, ranks, total, first };
    })
    .sort((one, other) => other.total - one.total || one.first - other.first || byId(one, other))
    .map(({ total, first, ...point }) => point);
}

/** The least doubt, so that a fit of 1 is finite evidence. */
const LEAST_DOUBT = 1e-12;
const evidenceOf = (fit: number): number => -Math.log(Math.max(LEAST_DOUBT, 1 - fit));

/**
 * The fits nearest to the given ones (least squares) that fall along the list. Fits say whether anything fits, but order
 * images less well than the list's own score does, so the list keeps its order.
 * Source: pool adjacent violators, Ayer et al., Annals of Mathematical Statistics 26 (1955).
 */
export function fallingFits(list: readonly Pick<Judged, 'fit'>[]): number[] {
  const pools: { sum: number; count: number }[] = [];
  for (const { fit } of list) {
    let pool = { sum: fit, count: 1 };
    for (
      let last = pools.at(-1);
      last && last.sum / last.count < pool.sum / pool.count;
      last = pools.at(-1)
    ) {
      pools.pop();
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
    }
    pools.push(pool);
  }
  return pools.flatMap(({ sum, count }) => Array<number>(count).fill(sum / count));
}
