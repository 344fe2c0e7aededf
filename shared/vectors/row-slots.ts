import { z } from 'zod';
import type { ImageReader, ImageWriter } from './image-file.ts';
import { bytes, createSeries, int32s } from './series.ts';

/**
 * Which slot has which row of a matrix. As points come, their slots rise from row to row, so a row is found by binary
 * search; only where a slot comes out of order all rows are listed by slot, in 4 bytes more for each. For that reason
 * a row that a slot leaves is kept for this slot, until there are many such rows.
 */
export interface RowSlots {
  /** Rows that have or had a slot. */
  readonly rows: number;
  has(slot: number): boolean;
  /** The row of a slot that has one. */
  rowOf(slot: number): number;
  /** Gives a slot that has none a row: one that was left, or else one more. Undefined where there may be no more. */
  take(slot: number): number | undefined;
  /** Leaves the row of a slot that has one. */
  leave(slot: number): void;
  /** Slots of all rows, below 0 for one that is left: Int32Array[rows], valid until the next change. */
  slots(): Int32Array;
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

/** The share of rows that may be left before other slots take them. */
const SPARE = 1 / 128;

const NONE = -1;
const stateSchema = z.object({ rows: z.number(), left: z.number() });

/** @param capacity rows at the most */
export function createRowSlots(capacity: number): RowSlots {
  /** By row its slot; −1 − slot where that has left it. */
  const slotOf = createSeries([int32s], NONE);
  /** A bit for each slot that has a row. */
  const present = createSeries([bytes], 0);
  /** By slot its row; undefined while the slots rise from row to row. */
  let rowOf: ReturnType<typeof createSeries<Int32Array>> | undefined;
  let rows = 0;
  let left = 0;
  /** Rows that were left; undefined before other slots may take them. */
  let free: number[] | undefined;

  const has = (slot: number): boolean => (present.at(slot >> 3) & (1 << (slot & 7))) !== 0;
  const mark = (slot: number, has: boolean): void => {
    const bit = 1 << (slot & 7);
    const others = present.at(slot >> 3) & ~bit;
    present.set(slot >> 3, has ? others | bit : others);
  };
  /** What rises from row to row: the slot of a row, or the one that left it. */
  const keyAt = (row: number): number => {
    const slot = slotOf.at(row);
    return slot < 0 ? -1 - slot : slot;
  };
  /** The first row whose slot is not below this one, while slots rise. */
  const search = (slot: number): number => {
    let [low, high] = [0, rows];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keyAt(middle) < slot) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  /** The row of a slot that has one. */
  const rowAt = (slot: number): number => rowOf?.at(slot) ?? search(slot);
  const listRows = (): void => {
    rowOf = createSeries([int32s], NONE);
    free = [];
    for (let row = 0; row < rows; row++) {
      if (slotOf.at(row) < 0) free.push(row);
      else rowOf.set(slotOf.at(row), row);
    }
  };
  /** A row for a slot that has none; `rows` for a new one. */
  const findRow = (slot: number): number => {
    if (!rowOf) {
      const row = search(slot);
      if (row < rows && keyAt(row) === slot) return row;
      if (row === rows && row < capacity && left <= rows * SPARE) return row;
      listRows();
    }
    return free?.pop() ?? rows;
  };

  return {
    get rows() {
      return rows;
    },
    has,
    rowOf: rowAt,
    take(slot) {
      const row = findRow(slot);
      if (row === capacity) return undefined;
      if (row === rows) rows++;
      else left--;
      slotOf.set(row, slot);
      rowOf?.set(slot, row);
      mark(slot, true);
      return row;
    },
    leave(slot) {
      const row = rowAt(slot);
      slotOf.set(row, -1 - slot);
      free?.push(row);
      left++;
      mark(slot, false);
    },
    slots: () => slotOf.first(rows),
    save(writer) {
      slotOf.save(writer);
      writer.json({ rows, left });
    },
    load(reader) {
      slotOf.load(reader);
      ({ rows, left } = stateSchema.parse(reader.json()));
      let rising = true;
      for (let row = 0; row < rows; row++) {
        const slot = slotOf.at(row);
        if (slot >= 0) mark(slot, true);
        if (row > 0 && keyAt(row) <= keyAt(row - 1)) rising = false;
      }
      if (!rising) listRows();
    },
  };
}
