import { z } from 'zod';
import type { ImageReader, ImageWriter } from './image-file.ts';
import { createSeries, int32s, uint32s } from './series.ts';

/** Slots by a 32-bit hash of what they hold: a hash table whose chains run through the slots. */
export interface SlotChains {
  add(slot: number, hash: number): void;
  remove(slot: number): void;
  /** Slots of this hash, perhaps among others: the caller compares. */
  candidates(hash: number): Iterable<number>;
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

const NONE = -1;

const stateSchema = z.object({ size: z.number(), end: z.number() });

export function createSlotChains(): SlotChains {
  let heads = int32s(1024).fill(NONE);
  const hashes = createSeries([uint32s], 0);
  /** The next slot of the chain; ABSENT for a slot that is in none. */
  const nexts = createSeries([int32s], ABSENT);
  let size = 0;
  let end = 0;

  const link = (slot: number): void => {
    const head = hashes.at(slot) & (heads.length - 1);
    nexts.set(slot, heads[head]!);
    heads[head] = slot;
  };
  const grow = (): void => {
    heads = int32s(heads.length * 2).fill(NONE);
    for (let slot = 0; slot < end; slot++) if (nexts.at(slot) !== ABSENT) link(slot);
  };

  return {
    add(slot, hash) {
      hashes.set(slot, hash);
      end = Math.max(end, slot + 1);
      link(slot);
      if (++size > heads.length) grow();
    },
    remove(slot) {
      const next = nexts.at(slot);
      if (next === ABSENT) return;
      const head = hashes.at(slot) & (heads.length - 1);
      if (heads[head] === slot) heads[head] = next;
      else {
        let before = heads[head]!;
        while (nexts.at(before) !== slot) before = nexts.at(before);
        nexts.set(before, next);
      }
      nexts.set(slot, ABSENT);
      size--;
    },
    *candidates(hash) {
      for (let slot = heads[hash & (heads.length - 1)]!; slot !== NONE; slot = nexts.at(slot))
        if (hashes.at(slot) === hash >>> 0) yield slot;
    },
    save(writer) {
      writer.numbers(heads);
      hashes.save(writer);
      nexts.save(writer);
      writer.json({ size, end });
    },
    load(reader) {
      heads = reader.numbers(int32s);
      hashes.load(reader);
      nexts.load(reader);
      ({ size, end } = stateSchema.parse(reader.json()));
    },
  };
}

const ABSENT = -2;
