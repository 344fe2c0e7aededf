import { cellOf } from './cells.ts';
import { createCodedColumn } from './coded-column.ts';
import type { Column, PhraseColumn } from './column.ts';
import { createNumberColumn } from './number-column.ts';
import { createPhraseColumn } from './phrase-column.ts';
import { createUniqueColumn, type UniqueColumn } from './unique-column.ts';
import type { Payload, PayloadFieldType } from './vector-index.ts';

export type Columns = {
  readonly fields: ReadonlyMap<string, Column>;
  readonly phrases: ReadonlyMap<string, PhraseColumn>;
  readonly uniques: ReadonlyMap<string, UniqueColumn>;
};

/** @param read a field of the payload in a slot, from the file */
export function createColumns(
  fields: Readonly<Record<string, PayloadFieldType>>,
  read: (slot: number, field: string) => unknown,
): Columns {
  const entries = Object.entries(fields);
  const phrases = new Map(
    entries.flatMap(([key, type]) =>
      type === 'phrase' || type === 'letters' ? [[key, createPhraseColumn(type)] as const] : [],
    ),
  );
  const uniques = new Map(
    entries.flatMap(([key, type]) =>
      type === 'unique' ? [[key, createUniqueColumn(slot => read(slot, key))] as const] : [],
    ),
  );
  const others = entries.flatMap(([key, type]) => {
    if (type === 'phrase' || type === 'letters' || type === 'unique') return [];
    const isNumber = type === 'integer' || type === 'float' || type === 'datetime';
    return [[key, isNumber ? createNumberColumn(type) : createCodedColumn(type)] as const];
  });
  return { fields: new Map(others), phrases, uniques };
}

/** Takes over the fields that the payload names; the rest of the slot stays. */
export function patchColumns({ fields, phrases, uniques }: Columns, slot: number, payload: Payload): void {
  for (const [key, column] of [...fields, ...phrases])
    if (Object.hasOwn(payload, key)) column.set(slot, cellOf(column.type, payload[key]));
  for (const [key, column] of uniques) if (Object.hasOwn(payload, key)) column.set(slot, payload[key]);
}

/** Puts a whole payload into the slot, or nothing. */
export function setColumns({ fields, phrases, uniques }: Columns, slot: number, payload: Payload): void {
  for (const [key, column] of [...fields, ...phrases]) column.set(slot, cellOf(column.type, payload[key]));
  for (const [key, column] of uniques) column.set(slot, payload[key]);
}

/** All columns, in an order that the schema decides. */
export const columnsOf = ({ fields, phrases, uniques }: Columns) => [
  ...fields.values(),
  ...phrases.values(),
  ...uniques.values(),
];
