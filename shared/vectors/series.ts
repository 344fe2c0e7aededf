import type { ImageReader, ImageWriter, Numbers } from './image-file.ts';

/** Numbers by index, which grow as they are set; those never set have the value given. */
export interface Series<T extends Numbers> {
  at(index: number): number;
  set(index: number, value: number): void;
  /** A view of the first so many, valid until the next `set`. */
  first(count: number): T;
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

/** @param make zeros of a length */
export function createSeries<T extends Numbers>(make: (length: number) => T, unset: number): Series<T> {
  let values = make(64).fill(unset) as T;
  /** How many are worth saving: after the last that was set. */
  let end = 0;
  const reserve = (length: number): void => {
    if (length <= values.length) return;
    const larger = make(Math.max(length, Math.ceil(values.length * 1.25)));
    larger.set(values);
    values = larger.fill(unset, values.length) as T;
  };
  return {
    at: index => (index < values.length ? values[index]! : unset),
    set(index, value) {
      if (index >= end) {
        reserve(index + 1);
        end = index + 1;
      }
      values[index] = value;
    },
    first(count) {
      reserve(count);
      return values.subarray(0, count) as T;
    },
    save: writer => writer.numbers(values.subarray(0, end)),
    load(reader) {
      values = reader.numbers(make);
      end = values.length;
    },
  };
}

export const int32s = (length: number): Int32Array<ArrayBuffer> => new Int32Array(length);
export const float64s = (length: number): Float64Array<ArrayBuffer> => new Float64Array(length);
export const uint32s = (length: number): Uint32Array<ArrayBuffer> => new Uint32Array(length);
export const bytes = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length);
export const float32s = (length: number): Float32Array<ArrayBuffer> => new Float32Array(length);
