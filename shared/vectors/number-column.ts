import { z } from 'zod';
import type { Cell } from './cells.ts';
import { type CodedColumn, createCodedColumn } from './coded-column.ts';
import type { Column } from './columns.ts';
import { createNumbers } from './series.ts';
import type { PayloadFieldType } from './vector-index.ts';

const listsSchema = z.array(z.tuple([z.number(), z.union([z.number(), z.array(z.number())])]));

/** What stands for a cell that is no number; such numbers themselves are kept with the lists. */
const MISSING = -1;
const NULL = -2;
const LISTED = -3;

/** Different cells of a field up to which it has the number of each in a list of them, 2 bytes at the most. */
const FEW = 4096;

/** A field of numbers or datetimes: of few different ones, such as aspect ratios, their codes, else the numbers. */
export function createNumberColumn(type: PayloadFieldType): Column {
  /** undefined once they are too many. */
  let coded: CodedColumn | undefined = createCodedColumn(type);
  let column: Column = coded;
  return {
    type,
    at: slot => column.at(slot),
    set(slot, cell) {
      column.set(slot, cell);
      if (coded && coded.different > FEW) {
        column = createPlainColumn(type);
        coded.copyTo(column);
        coded = undefined;
      }
    },
    where: test => column.where(test),
    tally: (end, pass) => column.tally(end, pass),
    save(writer) {
      writer.json(coded !== undefined);
      column.save(writer);
    },
    load(reader) {
      if (!z.boolean().parse(reader.json())) [coded, column] = [undefined, createPlainColumn(type)];
      column.load(reader);
    },
  };
}

/** No more bytes a slot than the numbers need, and the rare lists apart. */
function createPlainColumn(type: PayloadFieldType): Column {
  const values = createNumbers(MISSING);
  const lists = new Map<number, Cell>();

  const at = (slot: number): Cell => {
    const value = values.at(slot);
    if (value >= 0 || value < LISTED) return value;
    return value === MISSING ? undefined : value === NULL ? null : value === LISTED ? lists.get(slot) : value;
  };
  return {
    type,
    at,
    set(slot, cell) {
      if (values.at(slot) === LISTED) lists.delete(slot);
      const isMarker = cell === MISSING || cell === NULL || cell === LISTED;
      if (isMarker || (typeof cell === 'object' && cell !== null)) {
        lists.set(slot, cell);
        values.set(slot, LISTED);
      } else if (typeof cell === 'number') values.set(slot, cell);
      else values.set(slot, cell === null ? NULL : MISSING);
    },
    where(test) {
      const all = values.all();
      return slot => {
        const value = all[slot]!;
        return test(value >= 0 ? value : at(slot));
      };
    },
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
