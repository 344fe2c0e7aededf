import { createLargest, kthLargest } from './top.ts';

/** What a scan keeps of its scores, which are estimates: those that may be among the best by their exact scores. */
export type Selection = {
  /** How many the best are. */
  readonly depth: number;
  /** How far a score may be from the exact one. */
  readonly margin: number;
};

/** Places in the list that was scanned, in no order, and their scores. */
export type Candidates = { readonly places: Uint32Array; readonly scores: Float32Array };

/** Gathers the candidates of a scan while it goes on, so that nobody has to read all scores again. */
export interface Gathering {
  /** Scores of one place after the other, from place `first` on. NaN is no candidate. */
  offer(scores: Float32Array, first: number): void;
  candidates(): Candidates;
}

const FIRST_ROOM = 8192;

export function gatherCandidates({ depth, margin }: Selection): Gathering {
  const largest = createLargest(depth);
  let places = new Uint32Array(FIRST_ROOM);
  let scores = new Float32Array(FIRST_ROOM);
  let size = 0;
  let floor = Number.NEGATIVE_INFINITY;

  /** Room for so many more: what fell below the floor goes, and where that is little, the arrays grow. */
  const makeRoom = (count: number): void => {
    if (size + count <= scores.length) return;
    let kept = 0;
    for (let i = 0; i < size; i++) {
      if (scores[i]! < floor) continue;
      places[kept] = places[i]!;
      scores[kept++] = scores[i]!;
    }
    size = kept;
    if (2 * (size + count) <= scores.length) return;
    const room = 2 * Math.max(scores.length, size + count);
    [places, scores] = [copyInto(new Uint32Array(room), places), copyInto(new Float32Array(room), scores)];
  };

  return {
    offer(offered, first) {
      makeRoom(offered.length);
      for (let i = 0; i < offered.length; i++) {
        const score = offered[i]!;
        if (!(score >= floor)) continue;
        places[size] = first + i;
        scores[size++] = score;
        largest.offer(score);
        floor = floorOf(largest.least(), margin);
      }
    },
    candidates: () => atLeast({ places: places.subarray(0, size), scores: scores.subarray(0, size) }, floor),
  };
}

/** The candidates of several parts of one list; every place whose score is `floor` or more is among them. */
export function joinCandidates(
  parts: readonly Candidates[],
  { depth, margin }: Selection,
): Candidates & { readonly floor: number } {
  const length = parts.reduce((sum, { places }) => sum + places.length, 0);
  const all = { places: new Uint32Array(length), scores: new Float32Array(length) };
  let size = 0;
  for (const { places, scores } of parts) {
    all.places.set(places, size);
    all.scores.set(scores, size);
    size += places.length;
  }
  const floor = floorOf(kthLargest(all.scores, depth), margin);
  return { ...atLeast(all, floor), floor };
}

/** The exact scores of the best are not lower than their estimates less the margin, and neither are the others' higher. */
const floorOf = (least: number, margin: number): number => least - 2 * margin;

function atLeast({ places, scores }: Candidates, floor: number): Candidates {
  const kept = { places: new Uint32Array(places.length), scores: new Float32Array(scores.length) };
  let size = 0;
  for (let i = 0; i < scores.length; i++) {
    if (scores[i]! < floor) continue;
    kept.places[size] = places[i]!;
    kept.scores[size++] = scores[i]!;
  }
  return { places: kept.places.slice(0, size), scores: kept.scores.slice(0, size) };
}

function copyInto<T extends Uint32Array | Float32Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
