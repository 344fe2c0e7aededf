import { z } from 'zod';
import type { ImageReader, ImageWriter } from './image-file.ts';
import { createIntegers, createSeries, type Series, uint16s, uint32s } from './series.ts';

/**
 * Numbers by index, in no more bytes than the largest needs: 1, 2 or 4 for whole ones, 6 for those from OFFSET on to
 * below 2⁴⁸, such as dates in ms, and else 8. Those never set have the value given, which is such a whole number.
 */
export interface NumberSeries {
  at(index: number): number;
  set(index: number, value: number): void;
  /** After the last index that was set. */
  readonly end: number;
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

/** How numbers are kept, the narrowest first. */
type Kind = {
  fits(value: number): boolean;
  create(unset: number): Omit<NumberSeries, 'end'>;
};

/** The smallest number of 6 bytes, below the marks of a column. */
const OFFSET = -16;

const KINDS: readonly Kind[] = [
  { fits: value => (value | 0) === value, create: createIntegers },
  {
    fits: value => Number.isInteger(value) && value >= OFFSET && value < 2 ** 48 + OFFSET,
    create: createSixBytes,
  },
  { fits: () => true, create: unset => createSeries([length => new Float64Array(length)], unset) },
];

export function createNumbers(unset: number): NumberSeries {
  let kind = 0;
  let values = KINDS[kind]!.create(unset);
  let end = 0;
  /** The smallest that was set. */
  let least = 0;
  return {
    get end() {
      return end;
    },
    at: index => values.at(index),
    set(index, value) {
      least = Math.min(least, value);
      const fitting = KINDS.findIndex(({ fits }, i) => i >= kind && fits(value) && fits(least));
      if (fitting > kind) {
        const before = values;
        values = KINDS[fitting]!.create(unset);
        for (let i = 0; i < end; i++) values.set(i, before.at(i));
        kind = fitting;
      }
      values.set(index, value);
      end = Math.max(end, index + 1);
    },
    save(writer) {
      writer.json({ kind, end, least });
      values.save(writer);
    },
    load(reader) {
      ({ kind, end, least } = stateSchema.parse(reader.json()));
      values = KINDS[kind]!.create(unset);
      values.load(reader);
    },
  };
}

const stateSchema = z.object({
  kind: z
    .number()
    .int()
    .min(0)
    .max(KINDS.length - 1),
  end: z.number(),
  least: z.number(),
});

/** The upper 32 bits of each and the lower 16, counted from OFFSET. */
function createSixBytes(unset: number): Omit<NumberSeries, 'end'> {
  const upperOf = (value: number): number => Math.floor((value - OFFSET) / 65_536);
  const lowerOf = (value: number): number => (value - OFFSET) % 65_536;
  const upper: Series<Uint32Array> = createSeries([uint32s], upperOf(unset));
  const lower: Series<Uint16Array> = createSeries([uint16s], lowerOf(unset));
  return {
    at: index => upper.at(index) * 65_536 + lower.at(index) + OFFSET,
    set(index, value) {
      upper.set(index, upperOf(value));
      lower.set(index, lowerOf(value));
    },
    save(writer) {
      upper.save(writer);
      lower.save(writer);
    },
    load(reader) {
      upper.load(reader);
      lower.load(reader);
    },
  };
}
