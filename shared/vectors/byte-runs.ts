import { z } from 'zod';
import { ImageDamaged, type ImageReader, type ImageWriter } from './image-file.ts';
import { bytes, createSeries, int32s, uint16s, withRoom } from './series.ts';

/**
 * A run of bytes for each slot that has one, end to end by slot, in as many bytes as they have and one or two for
 * each length. A slot without a run has a mark.
 */
export interface ByteRuns {
  /** Whether the slot has a run, perhaps an empty one. */
  has(slot: number): boolean;
  /** The run, valid until the next change, or the mark. */
  at(slot: number): Run;
  set(slot: number, run: Run): void;
  /**
   * By slot the length of its run + MARKS, or its mark; undefined beyond the last slot that was set. Valid until the
   * next change.
   */
  codes(): Codes;
  /** All runs, some slots at a time; valid until the next change. */
  blocks(): Iterable<RunBlock>;
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

/** Bytes, or a whole number below MARKS; 0 for a slot that was never set. */
export type Run = Uint8Array | number;
export const MARKS = 3;

/** The runs of the slots from `first` to before `end`, one after the other. */
export type RunBlock = { readonly first: number; readonly end: number; readonly bytes: Uint8Array };

type Codes = Uint8Array | Uint16Array | Int32Array;

/** Length of the run that a code stands for. */
export const lengthOf = (code: number): number => (code > MARKS ? code - MARKS : 0);

/** Slots whose runs are moved when one of them gets longer or shorter. */
const BLOCK = 1024;

export function createByteRuns(): ByteRuns {
  const codes = createSeries<Codes>([bytes, uint16s, int32s], 0);
  /** The runs of each BLOCK slots, and room for some more; how many bytes are used. */
  let blocks: Uint8Array[] = [];
  let used: number[] = [];

  /** Bytes of the runs from the block's first slot, or another, to before this one. */
  const bytesBefore = (slot: number, first = slot - (slot % BLOCK)): number => {
    const all = codes.all();
    let start = 0;
    for (let other = first; other < slot && other < all.length; other++) start += lengthOf(all[other]!);
    return start;
  };
  const blockOf = (slot: number): number => Math.floor(slot / BLOCK);

  return {
    has: slot => codes.at(slot) >= MARKS,
    at(slot) {
      const code = codes.at(slot);
      if (code < MARKS) return code;
      const start = bytesBefore(slot);
      return blocks[blockOf(slot)]!.subarray(start, start + lengthOf(code));
    },
    set(slot, run) {
      const number = blockOf(slot);
      while (blocks.length <= number) used[blocks.push(new Uint8Array(0)) - 1] = 0;
      const block = blocks[number]!;
      const [end, start] = [used[number]!, bytesBefore(slot)];
      const next = start + lengthOf(codes.at(slot));
      const length = typeof run === 'number' ? 0 : run.length;
      const needed = start + length + end - next;
      if (needed <= block.length && 2 * needed >= block.length) block.copyWithin(start + length, next, end);
      else {
        const moved = new Uint8Array(withRoom(needed));
        moved.set(block.subarray(0, start));
        moved.set(block.subarray(next, end), start + length);
        blocks[number] = moved;
      }
      used[number] = needed;
      if (typeof run !== 'number') blocks[number]!.set(run, start);
      codes.set(slot, typeof run === 'number' ? run : run.length + MARKS);
    },
    codes: codes.all,
    *blocks() {
      for (const [number, block] of blocks.entries())
        yield { first: number * BLOCK, end: (number + 1) * BLOCK, bytes: block.subarray(0, used[number]) };
    },
    save(writer) {
      codes.save(writer);
      writer.json(blocks.length);
      for (const [number, block] of blocks.entries()) writer.numbers(block.subarray(0, used[number]));
    },
    load(reader) {
      codes.load(reader);
      blocks = new Array<Uint8Array>(z.number().parse(reader.json())).fill(new Uint8Array(0));
      used = blocks.map((_, number) => {
        const { length } = reader.numbers(length => {
          blocks[number] = new Uint8Array(withRoom(length));
          return blocks[number].subarray(0, length);
        });
        if (length !== bytesBefore((number + 1) * BLOCK, number * BLOCK))
          throw new ImageDamaged('Runs are longer or shorter than their lengths say');
        return length;
      });
    },
  };
}
