import { createLargest, kthLargest } from './top.ts';

/** Places in the list that was scanned, in no order, and between what the exact score of each lies. */
export type Candidates = {
  readonly places: Uint32Array;
  readonly low: Float32Array;
  readonly high: Float32Array;
};

/** Gathers what can be among the best while a scan goes on, so that nobody has to read all scores again. */
export interface Gathering {
  /** One place after the other, from `first` on; the exact scores may lie `margin` further out. NaN is no candidate. */
  offer(low: Float32Array, high: Float32Array, margin: number, first: number): void;
  candidates(): Candidates;
}

const FIRST_ROOM = 8192;

/** @param depth how many the best are: what is surely below so many others is left out */
export function gatherCandidates(depth: number): Gathering {
  const largest = createLargest(depth);
  let kept = createRoom(FIRST_ROOM);
  let size = 0;
  let floor = Number.NEGATIVE_INFINITY;

  /** Room for so many more: what fell below the floor goes, and where that is little, the arrays grow. */
  const makeRoom = (count: number): void => {
    if (size + count <= kept.low.length) return;
    size = compact(kept, size, floor);
    if (2 * (size + count) > kept.low.length)
      kept = copied(kept, 2 * Math.max(kept.low.length, size + count));
  };

  return {
    offer(low, high, margin, first) {
      makeRoom(low.length);
      for (let i = 0; i < low.length; i++) {
        const upper = Math.fround(high[i]! + margin);
        if (!(upper >= floor)) continue;
        const lower = Math.fround(low[i]! - margin);
        kept.places[size] = first + i;
        kept.low[size] = lower;
        kept.high[size++] = upper;
        largest.offer(lower);
        floor = largest.least();
      }
    },
    candidates() {
      size = compact(kept, size, floor);
      return cut(kept, size);
    },
  };
}

/** The candidates of several parts of one list; every place whose score can be `floor` or more is among them. */
export function joinCandidates(
  parts: readonly Candidates[],
  depth: number,
): Candidates & { readonly floor: number } {
  const all = createRoom(parts.reduce((sum, { places }) => sum + places.length, 0));
  let size = 0;
  for (const { places, low, high } of parts) {
    all.places.set(places, size);
    all.low.set(low, size);
    all.high.set(high, size);
    size += places.length;
  }
  const floor = kthLargest(all.low, depth);
  return { ...cut(all, compact(all, size, floor)), floor };
}

const createRoom = (length: number): Candidates => ({
  places: new Uint32Array(length),
  low: new Float32Array(length),
  high: new Float32Array(length),
});

function copied(from: Candidates, length: number): Candidates {
  const to = createRoom(length);
  to.places.set(from.places);
  to.low.set(from.low);
  to.high.set(from.high);
  return to;
}

/** Moves what can come up to the floor to the front, and returns how many that are. */
function compact({ places, low, high }: Candidates, size: number, floor: number): number {
  let kept = 0;
  for (let i = 0; i < size; i++) {
    if (high[i]! < floor) continue;
    places[kept] = places[i]!;
    low[kept] = low[i]!;
    high[kept++] = high[i]!;
  }
  return kept;
}

const cut = ({ places, low, high }: Candidates, size: number): Candidates => ({
  places: places.slice(0, size),
  low: low.slice(0, size),
  high: high.slice(0, size),
});
