import { z } from 'zod';
import type { ImageReader, ImageWriter, Numbers } from './image-file.ts';

/**
 * Numbers by index, which grow as they are set; those never set have the value given. Where that value alone was set,
 * as in the column of a field that no point has, they take no memory.
 */
export interface Series<T extends Numbers> {
  at(index: number): number;
  set(index: number, value: number): void;
  /** A view of the first so many, valid until the next `set`. */
  first(count: number): T;
  /** All that were set and perhaps more, valid until the next `set`: for loops, since `at` is slow in those. */
  all(): T;
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

/** Zeros of a length. */
type Make<T> = (length: number) => T;

/** @param kinds of numbers, the narrowest first: a value that doesn't fit one moves all to the next */
export function createSeries<T extends Numbers>(
  kinds: readonly [Make<T>, ...Make<T>[]],
  unset: number,
): Series<T> {
  let kind = 0;
  let make = kinds[0];
  /** So many, of which those from `from` on are unset. Pages of zeros that were never written take no RAM. */
  const makeUnset = (length: number, from: number): T => {
    const made = make(length);
    return unset === 0 ? made : (made.fill(unset, from) as T);
  };
  let values = makeUnset(64, 0);
  /** After the last that is worth saving, and after the last that was set to anything. */
  let end = 0;
  let reach = 0;
  const move = (length: number): void => {
    const moved = makeUnset(length, values.length);
    moved.set(values);
    values = moved;
  };
  const reserve = (length: number): void => {
    if (length > values.length) move(Math.max(length, withRoom(values.length)));
  };
  const become = (next: number): void => {
    kind = next;
    make = kinds[next] ?? make;
  };
  return {
    at: index => (index < values.length ? values[index]! : unset),
    set(index, value) {
      reach = Math.max(reach, index + 1);
      if (index >= end) {
        if (value === unset) return;
        reserve(index + 1);
        end = index + 1;
      }
      values[index] = value;
      while (values[index] !== value && kind + 1 < kinds.length) {
        become(kind + 1);
        move(values.length);
        values[index] = value;
      }
    },
    first(count) {
      reserve(count);
      return values.subarray(0, count) as T;
    },
    all() {
      reserve(reach);
      return values;
    },
    save(writer) {
      writer.json({ kind, reach });
      writer.numbers(values.subarray(0, end));
    },
    load(reader) {
      const state = stateSchema.parse(reader.json());
      become(state.kind);
      reach = state.reach;
      end = reader.numbers(length => {
        values = makeUnset(withRoom(length), length);
        return values.subarray(0, length) as T;
      }).length;
    },
  };
}

const stateSchema = z.object({ kind: z.number(), reach: z.number() });

/** Some more, so that what grows is seldom moved. */
export const withRoom = (length: number): number => length + 64 + (length >> 5);

export const bytes = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length);
export const int32s = (length: number): Int32Array<ArrayBuffer> => new Int32Array(length);
export const uint16s = (length: number): Uint16Array<ArrayBuffer> => new Uint16Array(length);
export const uint32s = (length: number): Uint32Array<ArrayBuffer> => new Uint32Array(length);
export const float32s = (length: number): Float32Array<ArrayBuffer> => new Float32Array(length);

type Integers = Int8Array<ArrayBuffer> | Int16Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** Small numbers, in no more bytes than they need. */
export const createIntegers = (unset: number): Series<Integers> =>
  createSeries<Integers>([length => new Int8Array(length), length => new Int16Array(length), int32s], unset);
