import { z } from 'zod';
import type { ImageReader, ImageWriter } from './image-file.ts';
import { createSeries, float32s, int32s, uint32s } from './series.ts';
import type { SparseVector } from './vector-index.ts';

/**
 * Sparse vectors of one name in RAM: all terms and weights end to end, a run for each slot, terms ascending.
 * A query looks each of its terms up in every run, and counts there how many have it: for a search of a few words
 * that beats postings and counts, which would have to be kept under changes.
 */
export interface SparseRows {
  has(slot: number): boolean;
  set(slot: number, vector: SparseVector): void;
  remove(slot: number): void;
  /**
   * Of each term ln((N − df + 0.5)/(df + 0.5) + 1), N = vectors of this name, df = those with the term; undefined
   * where none has it.
   */
  idf(terms: readonly number[]): (number | undefined)[];
  /**
   * Scores of the slots that share a term with the query and pass: Σ idf·query weight·weight.
   * Source: Qdrant, lib/segment/src/data_types/query_context.rs (fancy_idf).
   */
  score(
    query: SparseVector,
    pass: ((slot: number) => boolean) | undefined,
  ): { slots: Int32Array; scores: Float32Array };
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

export function createSparseRows(): SparseRows {
  /** By slot where its run begins, and its length; 0 for a slot without a vector and for one without terms. */
  const starts = createSeries([int32s], NONE);
  const lengths = createSeries([int32s], 0);
  let terms = uint32s(1024);
  let weights = float32s(1024);
  let end = 0;
  let rows = 0;
  let used = 0;
  let live = 0;

  /** Moves the living runs into arrays with room for a quarter more than they and the newcomer need. */
  const compact = (needed: number): void => {
    const room = Math.max(1024, Math.ceil(1.25 * (live + needed)));
    const [allTerms, allWeights] = [uint32s(room), float32s(room)];
    let at = 0;
    for (let slot = 0; slot < end; slot++) {
      const start = starts.at(slot);
      if (start === NONE) continue;
      const length = lengths.at(slot);
      allTerms.set(terms.subarray(start, start + length), at);
      allWeights.set(weights.subarray(start, start + length), at);
      starts.set(slot, at);
      at += length;
    }
    [terms, weights, used] = [allTerms, allWeights, at];
  };

  const remove = (slot: number): void => {
    if (starts.at(slot) === NONE) return;
    live -= lengths.at(slot);
    starts.set(slot, NONE);
    lengths.set(slot, 0);
    rows--;
  };

  const find = (start: number, length: number, term: number): number => {
    let [low, high] = [start, start + length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (terms[middle]! < term) low = middle + 1;
      else high = middle;
    }
    return low < start + length && terms[low] === term ? low : NONE;
  };

  const idf = (df: number): number => Math.log((rows - df + 0.5) / (df + 0.5) + 1);

  return {
    has: slot => starts.at(slot) !== NONE,
    set(slot, vector) {
      remove(slot);
      const order = vector.indices
        .map((term, i) => ({ term, weight: vector.values[i] ?? 0 }))
        .sort((one, other) => one.term - other.term);
      if (used + order.length > terms.length) compact(order.length);
      starts.set(slot, used);
      lengths.set(slot, order.length);
      end = Math.max(end, slot + 1);
      for (const { term, weight } of order) {
        terms[used] = term;
        weights[used++] = weight;
      }
      live += order.length;
      rows++;
    },
    remove,
    idf(asked) {
      const frequency = new Int32Array(asked.length);
      for (let slot = 0; slot < end; slot++) {
        const length = lengths.at(slot);
        if (length === 0) continue;
        const start = starts.at(slot);
        for (let i = 0; i < asked.length; i++) if (find(start, length, asked[i]!) !== NONE) frequency[i]!++;
      }
      return Array.from(frequency, df => (df === 0 ? undefined : idf(df)));
    },
    score(query, pass) {
      // first how often each term occurs at all, and where the query's terms meet
      const count = query.indices.length;
      const frequency = new Int32Array(count);
      const met: number[] = [];
      for (let slot = 0; slot < end; slot++) {
        const length = lengths.at(slot);
        if (length === 0) continue;
        const start = starts.at(slot);
        let shared = false;
        for (let i = 0; i < count; i++) {
          if (find(start, length, query.indices[i]!) === NONE) continue;
          frequency[i]!++;
          shared = true;
        }
        if (shared && (!pass || pass(slot))) met.push(slot);
      }
      const factors = query.values.map((value, i) => value * idf(frequency[i]!));
      const scores = Float32Array.from(met, slot => {
        let score = 0;
        for (let i = 0; i < count; i++) {
          const at = find(starts.at(slot), lengths.at(slot), query.indices[i]!);
          if (at !== NONE) score += factors[i]! * weights[at]!;
        }
        return score;
      });
      return { slots: Int32Array.from(met), scores };
    },
    save(writer) {
      starts.save(writer);
      lengths.save(writer);
      writer.numbers(terms.subarray(0, used));
      writer.numbers(weights.subarray(0, used));
      writer.json({ end, rows, live });
    },
    load(reader) {
      starts.load(reader);
      lengths.load(reader);
      terms = reader.numbers(uint32s);
      weights = reader.numbers(float32s);
      used = terms.length;
      ({ end, rows, live } = stateSchema.parse(reader.json()));
    },
  };
}

const NONE = -1;

const stateSchema = z.object({ end: z.number(), rows: z.number(), live: z.number() });
