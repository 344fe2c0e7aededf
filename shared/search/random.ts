import { setImmediate } from 'node:timers/promises';
import type { Filter } from '../vectors/filter.ts';
import type { ScoredPoint, VectorIndex } from '../vectors/vector-index.ts';

/** Ids read at once; between such pages other requests get their turn. */
const SCROLL = 10_000;

/**
 * A page of the filtered collection in random order, each order as likely as any other. The same seed gives the
 * same order, and a filter only takes points out of it. The score falls along the order, in (0, 1).
 */
export async function shuffled(
  index: VectorIndex,
  filter: Filter | undefined,
  seed: string,
  skip: number,
  count: number,
): Promise<ScoredPoint[]> {
  const best = createBest(skip + count);
  let offset: string | undefined;
  do {
    const page = await index.scroll({ filter, limit: SCROLL, offset, payload: false });
    for (const { id } of page.points) best.offer(id, fraction(id, seed));
    offset = page.next ?? undefined;
    await setImmediate();
  } while (offset !== undefined);
  return best.sorted().slice(skip);
}

/** Keeps the `limit` highest scores that it is offered, in time that hardly depends on the limit. */
function createBest(limit: number) {
  let kept: ScoredPoint[] = [];
  let least = 0;
  const cut = (): void => {
    kept = kept.sort((a, b) => b.score - a.score).slice(0, limit);
    if (kept.length === limit) least = kept.at(-1)?.score ?? 0;
  };
  return {
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

/** A number in (0, 1) that looks random: cyrb53 (public domain, bryc), 53 bits of a mix of both texts. */
function fraction(id: string, seed: string): number {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (const text of [seed, id]) {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      h1 = Math.imul(h1 ^ code, 2_654_435_761);
      h2 = Math.imul(h2 ^ code, 1_597_334_677);
    }
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2_246_822_507) ^ Math.imul(h2 ^ (h2 >>> 13), 3_266_489_909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2_246_822_507) ^ Math.imul(h1 ^ (h1 >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & h2) + (h1 >>> 0) + 1) / (2 ** 53 + 1);
}
