import { z } from 'zod';
import type { Cell } from './cells.ts';
import type { Column } from './columns.ts';
import { createSeries, float64s } from './series.ts';
import type { PayloadFieldType } from './vector-index.ts';

const listsSchema = z.array(z.tuple([z.number(), z.array(z.number())]));

/** What stands for a cell that is no number; payloads hold finite ones alone. */
const MISSING = Number.NaN;
const NULL = Number.POSITIVE_INFINITY;
const LISTED = Number.NEGATIVE_INFINITY;

/** A field of numbers or datetimes: 8 bytes a slot, and the rare lists apart. */
export function createNumberColumn(type: PayloadFieldType): Column {
  const values = createSeries(float64s, MISSING);
  const lists = new Map<number, Cell>();

  const at = (slot: number): Cell => {
    const value = values.at(slot);
    if (Number.isFinite(value)) return value;
    return value === NULL ? null : value === LISTED ? lists.get(slot) : undefined;
  };
  return {
    type,
    at,
    set(slot, cell) {
      if (values.at(slot) === LISTED) lists.delete(slot);
      if (typeof cell === 'object' && cell !== null) {
        lists.set(slot, cell);
        values.set(slot, LISTED);
      } else if (typeof cell === 'number') values.set(slot, cell);
      else values.set(slot, cell === null ? NULL : MISSING);
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
