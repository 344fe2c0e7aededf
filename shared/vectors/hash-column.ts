import type { ImageReader, ImageWriter } from './image-file.ts';
import { createSeries, int32s, uint32s } from './series.ts';

/**
 * A field of 64-bit hashes, 16 hex digits each, of which those are found that share a 16-bit quarter with another
 * and differ in few bits: four hash tables, one for each quarter, whose chains run through the slots.
 */
export interface HashColumn {
  /** What is no such hash is never found. */
  set(slot: number, value: unknown): void;
  /** Slots whose hashes share a quarter with this one and differ from it in no more bits. */
  alike(hash: string, bits: number): Iterable<number>;
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

const HASH = /^[0-9a-f]{16}$/;
const QUARTERS = [0, 1, 2, 3];
const VALUES = 65_536;

/** The end of a chain, and what stands for a slot that is in none. */
const NONE = -1;
const ABSENT = -2;

export function createHashColumn(): HashColumn {
  /** Two words a slot. */
  const words = createSeries([uint32s], 0);
  /** By slot and quarter the next slot of the chain; by quarter and value the first. */
  const nexts = createSeries([int32s], ABSENT);
  let heads = int32s(4 * VALUES).fill(NONE);

  const headOf = (slot: number, quarter: number): number =>
    quarter * VALUES + quarterOf(words.at(2 * slot + (quarter >> 1)), quarter);

  const remove = (slot: number): void => {
    if (nexts.at(4 * slot) === ABSENT) return;
    for (const quarter of QUARTERS) {
      const next = nexts.at(4 * slot + quarter);
      const head = headOf(slot, quarter);
      if (heads[head] === slot) heads[head] = next;
      else {
        let before = heads[head]!;
        while (nexts.at(4 * before + quarter) !== slot) before = nexts.at(4 * before + quarter);
        nexts.set(4 * before + quarter, next);
      }
      nexts.set(4 * slot + quarter, ABSENT);
    }
  };

  return {
    set(slot, value) {
      remove(slot);
      if (typeof value !== 'string' || !HASH.test(value)) return;
      for (const [i, word] of wordsOf(value).entries()) words.set(2 * slot + i, word);
      for (const quarter of QUARTERS) {
        const head = headOf(slot, quarter);
        nexts.set(4 * slot + quarter, heads[head]!);
        heads[head] = slot;
      }
    },
    alike(hash, bits) {
      const found = new Set<number>();
      if (!HASH.test(hash)) return found;
      const [high, low] = wordsOf(hash);
      for (const quarter of QUARTERS) {
        const value = quarterOf(quarter < 2 ? high : low, quarter);
        for (
          let slot = heads[quarter * VALUES + value]!;
          slot !== NONE;
          slot = nexts.at(4 * slot + quarter)
        ) {
          const apart = onesIn(words.at(2 * slot) ^ high) + onesIn(words.at(2 * slot + 1) ^ low);
          if (apart <= bits) found.add(slot);
        }
      }
      return found;
    },
    save(writer) {
      words.save(writer);
      nexts.save(writer);
      writer.numbers(heads);
    },
    load(reader) {
      words.load(reader);
      nexts.load(reader);
      heads = reader.numbers(int32s);
    },
  };
}

const wordsOf = (hash: string): [number, number] => [
  Number.parseInt(hash.slice(0, 8), 16),
  Number.parseInt(hash.slice(8), 16),
];

/** The 16 bits of a quarter, in the word that has it. */
const quarterOf = (word: number, quarter: number): number =>
  quarter % 2 === 0 ? word >>> 16 : word & 0xffff;

/** How many bits are set (Warren, Hacker's Delight, §5–1). */
function onesIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}
