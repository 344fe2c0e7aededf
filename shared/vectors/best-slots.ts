import { type Ranked, top } from './top.ts';

/** Scored slots that come one by one, of which the best are wanted: some are held at a time instead of all. */
export interface BestSlots {
  /** @param score above 0, a 32-bit float */
  add(slot: number, score: number): void;
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
  let slots = new Int32Array(held);
  let scores = new Float32Array(held);
  let count = 0;
  let least = 0;

  const leaveOut = (): Ranked[] => {
    const best = top(slots.subarray(0, count), scores.subarray(0, count), limit, 0, before);
    for (const [i, { slot, score }] of best.entries()) [slots[i], scores[i]] = [slot, score];
    count = best.length;
    if (count === limit) least = best.at(-1)?.score ?? 0;
    return best;
  };
  const makeRoom = (): void => {
    leaveOut();
    if (count <= slots.length / 2) return;
    const [moreSlots, moreScores] = [new Int32Array(2 * slots.length), new Float32Array(2 * slots.length)];
    moreSlots.set(slots);
    moreScores.set(scores);
    [slots, scores] = [moreSlots, moreScores];
  };

  return {
    add(slot, score) {
      if (score < least) return;
      if (count === slots.length) makeRoom();
      slots[count] = slot;
      scores[count++] = score;
    },
    list: leaveOut,
  };
}
