import { type Ranked, top } from './top.ts';

/** Scored slots that come some at a time, of which the best are wanted: few are held instead of all. */
export interface BestSlots {
  /** @param scores of these, above 0 */
  offer(slots: Int32Array, scores: Float32Array): void;
  /** Best first, equal scores by `before`. */
  list(): Ranked[];
}

/** Slots beside the best that are held before all but these are left out. */
const HELD = 65_536;

/** @param before whether the first of two slots with equal scores comes first */
export function createBestSlots(
  limit: number,
  before: (one: number, other: number) => boolean,
  held = HELD,
): BestSlots {
  let kept = new Int32Array(held);
  let keptScores = new Float32Array(held);
  let count = 0;
  let least = 0;

  const leaveOut = (): Ranked[] => {
    const best = top(kept.subarray(0, count), keptScores.subarray(0, count), limit, 0, before);
    for (const [i, { slot, score }] of best.entries()) [kept[i], keptScores[i]] = [slot, score];
    count = best.length;
    if (count === limit) least = best.at(-1)?.score ?? 0;
    return best;
  };
  const makeRoom = (): void => {
    leaveOut();
    if (count <= kept.length / 2) return;
    const [moreSlots, moreScores] = [new Int32Array(2 * kept.length), new Float32Array(2 * kept.length)];
    moreSlots.set(kept);
    moreScores.set(keptScores);
    [kept, keptScores] = [moreSlots, moreScores];
  };

  return {
    offer(slots, scores) {
      for (let i = 0; i < slots.length; i++) {
        const score = scores[i]!;
        if (score < least) continue;
        if (count === kept.length) makeRoom();
        kept[count] = slots[i]!;
        keptScores[count++] = score;
      }
    },
    list: leaveOut,
  };
}
