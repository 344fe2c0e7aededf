import { z } from 'zod';
import type { ImageReader, ImageWriter } from './image-file.ts';
import { createIntegers, createSeries, float32s, int32s, uint16s, uint32s, withRoom } from './series.ts';
import type { SparseVector } from './vector-index.ts';

/**
 * Sparse vectors of one name in RAM: all terms and weights end to end, a run for each slot. Weights are few different
 * ones, as they depend on a term's count and the text's length, so each is the number of one in a list of these. A
 * query reads all terms once, however many it has, and counts on the way how many runs have each: postings and counts
 * would be quicker, but would have to be kept under changes, and would take as much RAM again.
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
  const lengths = createIntegers(0);
  let terms = uint32s(1024);
  let weights: Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer> = uint16s(1024);
  /** The different weights, whose numbers `weights` has; undefined where they are too many, and `weights` has all. */
  let table: WeightTable | undefined = createWeightTable();
  let end = 0;
  let rows = 0;
  let used = 0;
  let live = 0;

  /** Moves the living runs into arrays with room for an eighth more than they and the newcomer need. */
  const compact = (needed: number): void => {
    const room = Math.max(1024, Math.ceil(1.125 * (live + needed)));
    const [allTerms, allWeights] = [uint32s(room), table ? uint16s(room) : float32s(room)];
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

  const weightAt = (place: number): number => (table ? table.at(weights[place]!) : weights[place]!);
  const putWeight = (place: number, weight: number): void => {
    const number = table?.numberOf(weight);
    if (table && number === undefined) {
      const all = float32s(weights.length);
      for (let i = 0; i < place; i++) all[i] = table.at(weights[i]!);
      [weights, table] = [all, undefined];
    }
    weights[place] = number ?? weight;
  };

  const isSame = (slot: number, { indices, values }: SparseVector): boolean => {
    const start = starts.at(slot);
    return (
      start !== NONE &&
      lengths.at(slot) === indices.length &&
      indices.every((term, i) => terms[start + i] === term && weightAt(start + i) === Math.fround(values[i]!))
    );
  };

  const remove = (slot: number): void => {
    if (starts.at(slot) === NONE) return;
    live -= lengths.at(slot);
    starts.set(slot, NONE);
    lengths.set(slot, 0);
    rows--;
  };

  /** Where the living runs have one of the terms: the slots, ascending, which of the terms, and their places. */
  const occurrences = (asked: readonly number[]) => {
    const indexOf = new Map(asked.map((term, i) => [term, i]));
    // most terms of a run are none of these: 64 kB that stay in the cache tell so
    const perhaps = new Uint8Array(65_536);
    for (const term of asked) perhaps[Math.imul(term, 0x9e3779b1) >>> 16] = 1;
    const found: { slot: number; index: number; place: number }[] = [];
    const [from, sizes] = [starts.all(), lengths.all()];
    for (let slot = 0; slot < end; slot++) {
      const length = sizes[slot]!;
      if (length === 0) continue;
      const start = from[slot]!;
      for (let place = start; place < start + length; place++) {
        if (perhaps[Math.imul(terms[place]!, 0x9e3779b1) >>> 16] === 0) continue;
        const index = indexOf.get(terms[place]!);
        if (index !== undefined) found.push({ slot, index, place });
      }
    }
    return found;
  };

  const frequencies = (asked: readonly number[], found: readonly { index: number }[]): Int32Array => {
    const counts = new Int32Array(asked.length);
    for (const { index } of found) counts[index]!++;
    return counts;
  };

  const idf = (df: number): number => Math.log((rows - df + 0.5) / (df + 0.5) + 1);

  return {
    has: slot => starts.at(slot) !== NONE,
    set(slot, vector) {
      // a point is mostly written again for its other parts
      if (isSame(slot, vector)) return;
      remove(slot);
      const { length } = vector.indices;
      if (used + length > terms.length) compact(length);
      starts.set(slot, used);
      lengths.set(slot, length);
      end = Math.max(end, slot + 1);
      terms.set(vector.indices, used);
      for (const [i, value] of vector.values.entries()) putWeight(used + i, value);
      used += length;
      live += length;
      rows++;
    },
    remove,
    idf: asked => Array.from(frequencies(asked, occurrences(asked)), df => (df === 0 ? undefined : idf(df))),
    score(query, pass) {
      const found = occurrences(query.indices);
      const counts = frequencies(query.indices, found);
      const factors = query.values.map((value, i) => value * idf(counts[i]!));
      const slots: number[] = [];
      const scores: number[] = [];
      for (const { slot, index, place } of found) {
        const share = factors[index]! * weightAt(place);
        if (slots.at(-1) === slot) scores[scores.length - 1]! += share;
        else if (!pass || pass(slot)) {
          slots.push(slot);
          scores.push(share);
        }
      }
      return { slots: Int32Array.from(slots), scores: Float32Array.from(scores) };
    },
    save(writer) {
      starts.save(writer);
      lengths.save(writer);
      writer.numbers(terms.subarray(0, used));
      writer.json({ end, rows, live, isCoded: table !== undefined });
      writer.numbers(weights.subarray(0, used));
      if (table) writer.numbers(table.all());
    },
    load(reader) {
      starts.load(reader);
      lengths.load(reader);
      used = reader.numbers(length => {
        terms = uint32s(withRoom(length));
        return terms.subarray(0, length);
      }).length;
      const { isCoded, ...state } = stateSchema.parse(reader.json());
      ({ end, rows, live } = state);
      reader.numbers(length => {
        weights = isCoded ? uint16s(withRoom(length)) : float32s(withRoom(length));
        return weights.subarray(0, length);
      });
      table = isCoded ? createWeightTable(reader.numbers(float32s)) : undefined;
    },
  };
}

const NONE = -1;

const stateSchema = z.object({ end: z.number(), rows: z.number(), live: z.number(), isCoded: z.boolean() });

/** Different weights, each with a number of 16 bits. */
type WeightTable = {
  at(number: number): number;
  /** Its number, a new one where it has none; undefined where there are no more. */
  numberOf(weight: number): number | undefined;
  all(): Float32Array;
};

const MOST_WEIGHTS = 65_536;

function createWeightTable(known: Iterable<number> = []): WeightTable {
  const weights = [...known];
  const numbers = new Map(weights.map((weight, number) => [weight, number]));
  return {
    at: number => weights[number]!,
    numberOf(value) {
      const weight = Math.fround(value);
      const number = numbers.get(weight);
      if (number !== undefined || weights.length === MOST_WEIGHTS) return number;
      numbers.set(weight, weights.length);
      return weights.push(weight) - 1;
    },
    all: () => Float32Array.from(weights),
  };
}
