import { z } from 'zod';
import type { Cell } from './cells.ts';
import { type CodedColumn, createCodedColumn } from './coded-column.ts';
import type { Column } from './column.ts';
import { createNumbers } from './numbers.ts';
import type { PayloadFieldType } from './vector-index.ts';

const listsSchema = z.array(z.tuple([z.number(), z.union([z.number(), z.array(z.number())])]));

/** What stands for a cell that is no number; such numbers themselves are kept with the lists. */
const MISSING = -1;
const NULL = -2;
const LISTED = -3;

/** Different cells of a field up to which it has the number of each in a list of them, 2 bytes at the most. */
const FEW = 4096;

/** Dates, which are in µs, are kept in whole ms, as long as all of a field are such. */
const MILLISECOND = 1000;

const stateSchema = z.object({ isCoded: z.boolean(), unit: z.number() });

/** A field of numbers or datetimes: of few different ones, such as aspect ratios, their codes, else the numbers. */
export function createNumberColumn(type: PayloadFieldType): Column {
  /** undefined once they are too many. */
  let coded: CodedColumn | undefined = createCodedColumn(type);
  let plain: PlainColumn | undefined;
  let column: Column = coded;
  /** What the plain numbers are multiples of. */
  let unit = type === 'datetime' ? MILLISECOND : 1;

  const becomePlain = (): void => {
    const before = coded ?? plain;
    column = plain = createPlainColumn(type, unit);
    before?.copyTo(plain);
    coded = undefined;
  };
  return {
    type,
    at: slot => column.at(slot),
    set(slot, cell) {
      if (unit > 1 && typeof cell === 'number' && cell % unit !== 0) {
        unit = 1;
        if (plain) becomePlain();
      }
      column.set(slot, cell);
      if (coded && coded.different > FEW) becomePlain();
    },
    where: test => column.where(test),
    tally: (end, pass) => column.tally(end, pass),
    save(writer) {
      writer.json({ isCoded: coded !== undefined, unit });
      column.save(writer);
    },
    load(reader) {
      const state = stateSchema.parse(reader.json());
      unit = state.unit;
      if (!state.isCoded) becomePlain();
      column.load(reader);
    },
  };
}

interface PlainColumn extends Column {
  /** Puts all of its cells into a column that is empty. */
  copyTo(other: Column): void;
}

/** No more bytes a slot than the numbers need, and the rare lists apart. */
function createPlainColumn(type: PayloadFieldType, unit: number): PlainColumn {
  const values = createNumbers(MISSING);
  const lists = new Map<number, Cell>();

  const at = (slot: number): Cell => {
    const value = values.at(slot);
    if (value >= 0 || value < LISTED) return value * unit;
    return value === MISSING
      ? undefined
      : value === NULL
        ? null
        : value === LISTED
          ? lists.get(slot)
          : value * unit;
  };
  const list = (slot: number, cell: Cell): void => {
    lists.set(slot, cell);
    values.set(slot, LISTED);
  };
  return {
    type,
    at,
    set(slot, cell) {
      if (values.at(slot) === LISTED) lists.delete(slot);
      if (typeof cell === 'number') {
        const value = cell / unit;
        if (value === MISSING || value === NULL || value === LISTED) list(slot, cell);
        else values.set(slot, value);
      } else if (typeof cell === 'object' && cell !== null) list(slot, cell);
      else values.set(slot, cell === null ? NULL : MISSING);
    },
    copyTo(other) {
      for (let slot = 0; slot < values.end; slot++) other.set(slot, at(slot));
    },
    where: test => slot => test(at(slot)),
    tally(end, pass) {
      const counts = new Map<Cell, number>();
      for (let slot = 0; slot < end; slot++) {
        if (pass && !pass(slot)) continue;
        const cell = at(slot);
        counts.set(cell, (counts.get(cell) ?? 0) + 1);
      }
      return counts;
    },
    save(writer) {
      values.save(writer);
      writer.json([...lists]);
    },
    load(reader) {
      values.load(reader);
      for (const [slot, list] of listsSchema.parse(reader.json())) lists.set(slot, list);
    },
  };
}
