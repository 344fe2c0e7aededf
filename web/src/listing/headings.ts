import type { Hit } from '../api/types.ts';
import type { Filters } from '../state/search-state.ts';

/** The run of images that do not fit a search, and are only the nearest there are. */
export const NEAREST = 'nearest';

/** So few images that the eye is quicker than any judgement of them. */
export const FEW = 20;

/**
 * The images after the last one that fits are only the nearest there are. They are in the order of their scores,
 * and fits need not fall with it, so single ones before that may fit less.
 */
export function fitHeadings(hits: readonly Hit[]): readonly string[] {
  const fitting = hits.findLastIndex(({ band }) => band !== 'none') + 1;
  // Where nothing fits, a sentence is shown instead of the images, and no line divides them.
  if (hits.length < FEW || fitting === 0) return hits.map(() => '');
  return hits.map((_, at) => (at < fitting ? '' : NEAREST));
}

/** The days of a month, as far as a filter on days lets them through. @param month YYYY-MM */
export function monthWithin(month: string, { from, to }: Pick<Filters, 'from' | 'to'>) {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const first = `${month}-01`;
  const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
  return {
    date_from: from !== null && from > first ? from : first,
    date_to: to !== null && to < last ? to : last,
  };
}
