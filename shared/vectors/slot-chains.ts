import { z } from 'zod';
import type { ImageReader, ImageWriter } from './image-file.ts';
import { createSeries, int32s } from './series.ts';

/** Slots by a 32-bit hash of what they hold: a hash table whose chains run through the slots. */
export interface SlotChains {
  /** A slot that is in none, and has its hash by now. */
  add(slot: number): void;
  /** Before its hash changes. */
  remove(slot: number): void;
  /** Slots of this hash, perhaps among others: the caller compares. */
  candidates(hash: number): Iterable<number>;
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

const NONE = -1;

const stateSchema = z.object({ size: z.number(), end: z.number() });

/** @param hashOf the hash of what a slot holds, an unsigned number of 32 bits */
export function createSlotChains(hashOf: (slot: number) => number): SlotChains {
  let heads = int32s(1024).fill(NONE);
  /** The next slot of the chain; ABSENT for a slot that is in none. */
  const nexts = createSeries([int32s], ABSENT);
  let size = 0;
  let end = 0;

  const link = (slot: number): void => {
    const head = hashOf(slot) & (heads.length - 1);
    nexts.set(slot, heads[head]!);
    heads[head] = slot;
  };
  const grow = (): void => {
    heads = int32s(heads.length * 2).fill(NONE);
    for (let slot = 0; slot < end; slot++) if (nexts.at(slot) !== ABSENT) link(slot);
  };

  return {
    add(slot) {
      end = Math.max(end, slot + 1);
      link(slot);
      if (++size > heads.length) grow();
    },
    remove(slot) {
      const next = nexts.at(slot);
      if (next === ABSENT) return;
      const head = hashOf(slot) & (heads.length - 1);
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
        if (hashOf(slot) === hash) yield slot;
    },
    save(writer) {
      writer.numbers(heads);
      nexts.save(writer);
      writer.json({ size, end });
    },
    load(reader) {
      heads = reader.numbers(int32s);
      nexts.load(reader);
      ({ size, end } = stateSchema.parse(reader.json()));
    },
  };
}

const ABSENT = -2;
