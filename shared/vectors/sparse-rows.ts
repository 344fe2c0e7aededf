import type { SparseVector } from './vector-index.ts';

/**
 * Sparse vectors of one name in RAM: all terms and weights end to end, a run for each slot, terms ascending.
 * A query looks each of its terms up in every run: for a search of a few words that beats postings, which
 * would have to be kept in order under changes.
 */
export interface SparseRows {
  has(slot: number): boolean;
  set(slot: number, vector: SparseVector): void;
  remove(slot: number): void;
  /**
   * Scores of the slots that share a term with the query and pass: Σ idf·query weight·weight, with
   * idf = ln((N − df + 0.5)/(df + 0.5) + 1), N = vectors of this name, df = those with the term.
   * Source: Qdrant, lib/segment/src/data_types/query_context.rs (fancy_idf).
   */
  score(
    query: SparseVector,
    pass: ((slot: number) => boolean) | undefined,
  ): { slots: Int32Array; scores: Float32Array };
}

type Run = { readonly start: number; readonly length: number };

export function createSparseRows(): SparseRows {
  const runs = new Map<number, Run>();
  const frequency = new Map<number, number>();
  let terms = new Uint32Array(1024);
  let weights = new Float32Array(1024);
  let used = 0;
  let live = 0;

  const count = (term: number, change: number): void => {
    const now = (frequency.get(term) ?? 0) + change;
    if (now === 0) frequency.delete(term);
    else frequency.set(term, now);
  };

  /** Moves the living runs into arrays with room for twice what they and the newcomer need. */
  const compact = (needed: number): void => {
    const room = Math.max(1024, 2 * (live + needed));
    const [allTerms, allWeights] = [new Uint32Array(room), new Float32Array(room)];
    let at = 0;
    for (const [slot, { start, length }] of runs) {
      allTerms.set(terms.subarray(start, start + length), at);
      allWeights.set(weights.subarray(start, start + length), at);
      runs.set(slot, { start: at, length });
      at += length;
    }
    [terms, weights, used] = [allTerms, allWeights, at];
  };

  const remove = (slot: number): void => {
    const run = runs.get(slot);
    if (!run) return;
    for (let i = run.start; i < run.start + run.length; i++) count(terms[i]!, -1);
    live -= run.length;
    runs.delete(slot);
  };

  const find = ({ start, length }: Run, term: number): number => {
    let [low, high] = [start, start + length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (terms[middle]! < term) low = middle + 1;
      else high = middle;
    }
    return low < start + length && terms[low] === term ? low : -1;
  };

  return {
    has: slot => runs.has(slot),
    set(slot, vector) {
      remove(slot);
      const order = vector.indices
        .map((term, i) => ({ term, weight: vector.values[i] ?? 0 }))
        .sort((one, other) => one.term - other.term);
      if (used + order.length > terms.length) compact(order.length);
      runs.set(slot, { start: used, length: order.length });
      for (const { term, weight } of order) {
        terms[used] = term;
        weights[used++] = weight;
        count(term, 1);
      }
      live += order.length;
    },
    remove,
    score(query, pass) {
      const wanted = query.indices.map((term, i) => {
        const df = frequency.get(term) ?? 0;
        return { term, weight: (query.values[i] ?? 0) * Math.log((runs.size - df + 0.5) / (df + 0.5) + 1) };
      });
      const slots: number[] = [];
      const scores: number[] = [];
      for (const [slot, run] of runs) {
        let score = 0;
        let shared = false;
        for (const { term, weight } of wanted) {
          const at = find(run, term);
          if (at < 0) continue;
          shared = true;
          score += weight * weights[at]!;
        }
        if (!shared || (pass && !pass(slot))) continue;
        slots.push(slot);
        scores.push(score);
      }
      return { slots: Int32Array.from(slots), scores: Float32Array.from(scores) };
    },
  };
}
