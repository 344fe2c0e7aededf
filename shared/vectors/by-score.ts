import type { ScoredPoint } from './vector-index.ts';

/** The order of every ranked list: best first; equal scores by id, so that every page sees the same order. */
export const byScore = (one: ScoredPoint, other: ScoredPoint): number =>
  other.score - one.score || byId(one, other);

type Identified = Pick<ScoredPoint, 'id'>;
export const byId = (one: Identified, other: Identified): number =>
  one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
