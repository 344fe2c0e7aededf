import type { ImageReader, ImageWriter } from './image-file.ts';
import { createSeries, int32s, uint32s } from './series.ts';

/**
 * Numbers for different words of 32 bits, from 0 on in the order in which they first came: in 12 bytes each or less,
 * where a map takes 40.
 */
export interface Numbering {
  /** How many words have one. */
  readonly size: number;
  /** undefined where the word has none. */
  numberOf(word: number): number | undefined;
  /** The number of a word, a new one where it has none. */
  give(word: number): number;
  /** By number the word; valid until the next change. */
  words(): Uint32Array;
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

const NONE = -1;

export function createNumbering(): Numbering {
  const words = createSeries([uint32s], 0);
  let size = 0;
  /** A hash table of numbers, at most two thirds full: a word is at its hash or soon after (Knuth, TAOCP vol. 3, §6.4). */
  let table = int32s(16).fill(NONE);

  /** Where the word's number is, or would be. */
  const placeOf = (word: number): number => {
    const last = table.length - 1;
    let place = Math.imul(word ^ (word >>> 15), 0x9e3779b1) >>> Math.clz32(last);
    while (table[place] !== NONE && words.at(table[place]!) !== word) place = (place + 1) & last;
    return place;
  };
  const rebuild = (length: number): void => {
    table = int32s(length).fill(NONE);
    for (let number = 0; number < size; number++) table[placeOf(words.at(number))] = number;
  };

  return {
    get size() {
      return size;
    },
    numberOf(word) {
      const number = table[placeOf(word)]!;
      return number === NONE ? undefined : number;
    },
    give(word) {
      const place = placeOf(word);
      if (table[place] !== NONE) return table[place]!;
      table[place] = size;
      words.set(size++, word);
      if (3 * size > 2 * table.length) rebuild(2 * table.length);
      return size - 1;
    },
    words: () => words.first(size),
    save(writer) {
      writer.numbers(words.first(size));
    },
    load(reader) {
      for (const word of reader.numbers(uint32s)) words.set(size++, word);
      rebuild(2 ** Math.ceil(Math.log2(16 + 2 * size)));
    },
  };
}
