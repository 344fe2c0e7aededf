import { z } from 'zod';
import type { ImageReader, ImageWriter, Numbers } from './image-file.ts';

/** Numbers by index, which grow as they are set; those never set have the value given. */
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
  let values = make(64).fill(unset) as T;
  /** How many are worth saving: after the last that was set. */
  let end = 0;
  const move = (length: number): void => {
    const moved = make(length);
    moved.set(values);
    values = moved.fill(unset, values.length) as T;
  };
  const reserve = (length: number): void => {
    if (length > values.length) move(Math.max(length, Math.ceil(values.length * 1.25)));
  };
  const become = (next: number): void => {
    kind = next;
    make = kinds[next] ?? make;
  };
  return {
    at: index => (index < values.length ? values[index]! : unset),
    set(index, value) {
      if (index >= end) {
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
    all: () => values,
    save(writer) {
      writer.json(kind);
      writer.numbers(values.subarray(0, end));
    },
    load(reader) {
      become(z.number().parse(reader.json()));
      values = reader.numbers(make);
      end = values.length;
    },
  };
}

export const bytes = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length);
export const int32s = (length: number): Int32Array<ArrayBuffer> => new Int32Array(length);
export const uint32s = (length: number): Uint32Array<ArrayBuffer> => new Uint32Array(length);
export const float32s = (length: number): Float32Array<ArrayBuffer> => new Float32Array(length);

type Integers = Int8Array<ArrayBuffer> | Int16Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** Small numbers, in no more bytes than they need. */
export const createIntegers = (unset: number): Series<Integers> =>
  createSeries<Integers>([length => new Int8Array(length), length => new Int16Array(length), int32s], unset);

export const createNumbers = (unset: number): Series<Integers | Float64Array<ArrayBuffer>> =>
  createSeries<Integers | Float64Array<ArrayBuffer>>(
    [
      length => new Int8Array(length),
      length => new Int16Array(length),
      int32s,
      length => new Float64Array(length),
    ],
    unset,
  );
