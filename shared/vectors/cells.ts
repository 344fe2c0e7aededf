import type { PayloadFieldType } from './vector-index.ts';

export type Scalar = string | number | boolean;

/**
 * One field of one point, as filters see it: undefined for a missing field or an empty array, null for null,
 * and of an array only what the field's type covers (so an array of other things matches nothing, but isn't
 * empty). Datetimes are µs since 1970, phrases their tokens between spaces.
 */
export type Cell = undefined | null | Scalar | readonly Scalar[];

const NOTHING: readonly Scalar[] = Object.freeze([]);

/** A payload's value as a cell of the column; undefined and null as they are. */
export function cellOf(type: PayloadFieldType, value: unknown): Cell {
  if (value === undefined || value === null) return value;
  if (!Array.isArray(value)) return scalarOf(type, value) ?? NOTHING;
  if (value.length === 0) return undefined;
  const scalars = value.map(element => scalarOf(type, element)).filter(element => element !== undefined);
  // A text index pools the tokens of an array's elements.
  return (type === 'phrase' || type === 'letters') && scalars.length > 0
    ? ` ${scalars.join(' ').trim().replace(/ +/g, ' ')} `
    : scalars;
}

function scalarOf(type: PayloadFieldType, value: unknown): Scalar | undefined {
  switch (type) {
    case 'keyword':
    case 'unique':
      return typeof value === 'string' ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'integer':
      return Number.isInteger(value) ? Number(value) : undefined;
    case 'float':
      return typeof value === 'number' ? value : undefined;
    case 'datetime':
      return typeof value === 'string' ? parseMicroseconds(value) : undefined;
    case 'phrase':
    case 'letters':
      return typeof value === 'string' ? tokenized(value) : undefined;
  }
}

/** Lower-case tokens between single spaces, with one at each end: ' a b '. A phrase is then a substring. */
export const tokenized = (text: string): string =>
  ` ${text
    .toLowerCase()
    .split(/\s+/)
    .filter(token => token !== '')
    .join(' ')} `;

const DATETIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * RFC 3339 as µs since 1970; a naive time is UTC, a date alone its midnight, and a space may stand for the T
 * (as Qdrant reads them). Undefined for anything else.
 */
export function parseMicroseconds(text: string): number | undefined {
  const match = DATETIME.exec(text.trim());
  if (!match) return undefined;
  const [, date, time = '00:00', seconds = '00', fraction = '', zone = 'Z'] = match;
  const offset = zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').toUpperCase();
  const milliseconds = Date.parse(`${date}T${time}:${seconds}${offset}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return milliseconds * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
