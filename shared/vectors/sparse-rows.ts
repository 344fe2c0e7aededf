import { z } from 'zod';
import { createByteRuns, lengthOf } from './byte-runs.ts';
import type { ImageReader, ImageWriter } from './image-file.ts';
import { createNumbering } from './numbering.ts';
import { createIntegers } from './series.ts';
import type { SparseVector } from './vector-index.ts';
import { eachGroup, encodeGroups, numberAt } from './weight-groups.ts';

/**
 * Sparse vectors of one name in RAM, a run of bytes each, of the terms' numbers in groups of one weight, which most of
 * a text have (see weight-groups.ts). Numbers are given in the order in which terms first come, so that frequent ones
 * are small. A query reads all runs once, however many terms it has: lists of the rows that have a term would be
 * quicker, but would take as much RAM again.
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
  const runs = createByteRuns();
  const terms = createNumbering();
  /** Of the weights their bits as 32-bit floats. */
  const weights = createNumbering();
  /** By number of a term: how many rows have it. */
  const frequencies = createIntegers(0);
  let rows = 0;
  const parts = [runs, terms, weights, frequencies];

  const encode = ({ indices, values }: SparseVector): Uint8Array => {
    const groups = new Map<number, number[]>();
    for (const [i, term] of indices.entries()) {
      const weight = weights.give(bitsOf(values[i]!));
      const group = groups.get(weight);
      if (group) group.push(terms.give(term));
      else groups.set(weight, [terms.give(term)]);
    }
    return encodeGroups(groups);
  };

  /** Counts the terms of a run, or no longer. */
  const count = (run: Uint8Array, sign: 1 | -1): void =>
    eachGroup(run, 0, run.length, (_, first, end, width) => {
      for (let at = first; at < end; at += width) {
        const term = numberAt(run, at, width);
        frequencies.set(term, frequencies.at(term) + sign);
      }
    });

  const remove = (slot: number): void => {
    const run = runs.at(slot);
    if (run === NONE) return;
    if (typeof run !== 'number') count(run, -1);
    runs.set(slot, NONE);
    rows--;
  };

  /** undefined where no row has the term. */
  const idf = (term: number): number | undefined => {
    const number = terms.numberOf(term);
    const df = number === undefined ? 0 : frequencies.at(number);
    return df === 0 ? undefined : Math.log((rows - df + 0.5) / (df + 0.5) + 1);
  };

  return {
    has: runs.has,
    set(slot, vector) {
      const run = encode(vector);
      const before = runs.at(slot);
      // A point is mostly written again for its other parts.
      if (typeof before !== 'number' && Buffer.compare(before, run) === 0) return;
      remove(slot);
      runs.set(slot, run);
      count(run, 1);
      rows++;
    },
    remove,
    idf: asked => asked.map(idf),
    score(query, pass) {
      const factors = query.indices.map((term, i) => query.values[i]! * (idf(term) ?? 0));
      const asked = query.indices.map(terms.numberOf);
      /** By number of a term its place in the query + 1; 0 where it is not asked for. */
      const places = new Uint16Array(terms.size);
      for (const [i, term] of asked.entries()) if (term !== undefined) places[term] = i + 1;
      const weightOf = new Float32Array(weights.words().slice().buffer);
      const codes = runs.codes();
      const slots: number[] = [];
      const scores: number[] = [];
      for (const { first, bytes } of runs.blocks()) {
        let score = 0;
        let found = 0;
        const addUp = (weight: number, from: number, to: number, width: number): void => {
          for (let at = from; at < to; at += width) {
            const place = places[numberAt(bytes, at, width)]!;
            if (place === 0) continue;
            score += factors[place - 1]! * weightOf[weight]!;
            found++;
          }
        };
        for (let slot = first, start = 0; start < bytes.length; slot++) {
          const length = lengthOf(codes[slot]!);
          eachGroup(bytes, start, start + length, addUp);
          start += length;
          if (found === 0) continue;
          if (!pass || pass(slot)) {
            slots.push(slot);
            scores.push(score);
          }
          score = found = 0;
        }
      }
      return { slots: Int32Array.from(slots), scores: Float32Array.from(scores) };
    },
    save(writer) {
      for (const part of parts) part.save(writer);
      writer.json(rows);
    },
    load(reader) {
      for (const part of parts) part.load(reader);
      rows = z.number().parse(reader.json());
    },
  };
}

const NONE = 0;

/** The bits of a number as a 32-bit float. */
function bitsOf(value: number): number {
  float[0] = value;
  return bits[0]!;
}
const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);
