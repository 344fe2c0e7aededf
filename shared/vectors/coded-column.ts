import { z } from 'zod';
import type { Cell } from './cells.ts';
import type { Column } from './column.ts';
import { createIntegers } from './series.ts';
import type { PayloadFieldType } from './vector-index.ts';

export interface CodedColumn extends Column {
  /** How many different cells it has had. */
  readonly different: number;
  /** Puts all of its cells into a column that is empty. */
  copyTo(other: Column): void;
}

/**
 * A field with few different values: every slot has the number of its cell in a list of the different ones, so that
 * a condition is asked once for each of those.
 */
export function createCodedColumn(type: PayloadFieldType): CodedColumn {
  const cells: Cell[] = [undefined];
  const codeOf = new Map<string, number>([[keyOf(undefined), 0]]);
  const codes = createIntegers(0);

  return {
    type,
    get different() {
      return cells.length;
    },
    copyTo(other) {
      for (const [slot, code] of codes.all().entries()) if (code > 0) other.set(slot, cells[code]);
    },
    at: slot => cells[codes.at(slot)],
    set(slot, cell) {
      const key = keyOf(cell);
      let code = codeOf.get(key);
      if (code === undefined) {
        code = cells.push(cell) - 1;
        codeOf.set(key, code);
      }
      codes.set(slot, code);
    },
    where(test) {
      const passing = Uint8Array.from(cells, cell => (test(cell) ? 1 : 0));
      const all = codes.all();
      return slot => passing[all[slot]!] === 1;
    },
    tally(end, pass) {
      const counts = new Int32Array(cells.length);
      const all = codes.first(end);
      for (let slot = 0; slot < end; slot++) if (!pass || pass(slot)) counts[all[slot]!]!++;
      return cells.flatMap((cell, code) => (counts[code]! > 0 ? [[cell, counts[code]!] as const] : []));
    },
    save(writer) {
      writer.json(cells.slice(1));
      codes.save(writer);
    },
    load(reader) {
      for (const cell of cellsSchema.parse(reader.json())) codeOf.set(keyOf(cell), cells.push(cell) - 1);
      codes.load(reader);
    },
  };
}

const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);
const cellsSchema = z.array(z.union([z.null(), scalarSchema, z.array(scalarSchema)]));

/** Strings are their own keys, as they are many; the others start with a character that no JSON starts with. */
const keyOf = (cell: Cell): string => (typeof cell === 'string' ? cell : `\0${JSON.stringify(cell)}`);
