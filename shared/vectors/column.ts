import type { Cell } from './cells.ts';
import type { ImageReader, ImageWriter } from './image-file.ts';
import type { PayloadFieldType } from './vector-index.ts';

/** Whether the point in a slot matches. */
export type Predicate = (slot: number) => boolean;

/** A payload field of all points, by slot. */
interface Cells {
  readonly type: PayloadFieldType;
  at(slot: number): Cell;
  set(slot: number, cell: Cell): void;
  /** Slots whose cells pass, of those that were ever set; good until the next change. */
  where(test: (cell: Cell) => boolean): Predicate;
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

export interface Column extends Cells {
  /** How many of the slots below `end` that pass have each cell. */
  tally(end: number, pass: Predicate | undefined): Iterable<readonly [Cell, number]>;
}

export interface PhraseColumn extends Cells {
  /** @param wanted tokens between spaces, as in the cells */
  containing(wanted: string): Predicate;
}
