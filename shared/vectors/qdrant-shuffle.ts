import { setImmediate } from 'node:timers/promises';
import { idWords } from './point-ids.ts';
import { shuffleScore, shuffleSeed } from './shuffle.ts';
import type { ScoredPoint, VectorIndex } from './vector-index.ts';

/** Ids read at once; between such pages other requests get their turn. */
const SCROLL = 10_000;

/** Qdrant has no order by a seed, so all ids that match are listed. */
export function qdrantShuffle(scroll: VectorIndex['scroll']): VectorIndex['shuffle'] {
  return async ({ filter, seed, skip, limit }) => {
    const state = shuffleSeed(seed);
    const best = createBest(skip + limit);
    let offset: string | undefined;
    do {
      const page = await scroll({ filter, limit: SCROLL, offset, payload: false });
      for (const { id } of page.points) best.offer(id, shuffleScore(state, ...idWords(id)));
      offset = page.next ?? undefined;
      await setImmediate();
    } while (offset !== undefined);
    return best.sorted().slice(skip);
  };
}

/** Keeps the `limit` highest scores that it is offered, in time that hardly depends on the limit. */
function createBest(limit: number) {
  let kept: ScoredPoint[] = [];
  let least = 0;
  const cut = (): void => {
    kept = kept.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, limit);
    if (kept.length === limit) least = kept.at(-1)?.score ?? 0;
  };
  return {
    /** In ascending order of their ids. */
    offer(id: string, score: number): void {
      if (score <= least) return;
      kept.push({ id, score });
      if (kept.length >= 2 * limit + 100) cut();
    },
    sorted(): ScoredPoint[] {
      cut();
      return kept;
    },
  };
}
