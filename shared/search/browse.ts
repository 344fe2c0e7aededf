import { z } from 'zod';
import { NAME_ORDER } from '../catalog/browse-fields.ts';
import { SemblanceError } from '../errors.ts';
import type { Direction, OrderPosition, VectorIndex } from '../vectors/vector-index.ts';
import { type SearchFilters, toFilter } from './filters.ts';
import { type IndexedImage, imageOf, LISTED } from './images.ts';

/** What images can be ordered by, and the payload fields that stand for it; by `id` where none does. */
const ORDER_KEYS = {
  id: [],
  taken_at: ['taken_local'],
  added: ['index_date'],
  name: NAME_ORDER,
  size: ['bytes'],
} as const satisfies Record<string, readonly string[]>;

export type OrderBy = keyof typeof ORDER_KEYS;
export const ORDERS = ['id', 'taken_at', 'added', 'name', 'size'] as const;

export type Browse = {
  readonly filters: SearchFilters;
  readonly orderBy: OrderBy;
  /** Default: newest and largest first, names and ids ascending. Ids have no other. */
  readonly direction?: Direction | undefined;
  readonly count: number;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
};

/**
 * A page of the matching images in an order, however many there are. Its cursor names a place, not an image, so it
 * goes on when that image is gone; images without what they are ordered by come last.
 * @throws invalid_request for a cursor that is none of this order, and for ids descending
 */
export async function browse(
  index: VectorIndex,
  { filters, orderBy, direction, count, cursor }: Browse,
): Promise<{ images: IndexedImage[]; next: string | null }> {
  const ascends = orderBy === 'id' || orderBy === 'name';
  if (orderBy === 'id' && direction === 'desc')
    throw new SemblanceError('invalid_request', 'Ids have no descending order');
  const order = { keys: ORDER_KEYS[orderBy], direction: direction ?? (ascends ? 'asc' : 'desc') } as const;
  const name = `${orderBy} ${order.direction}`;
  const after = cursor === undefined ? undefined : readCursor(cursor, name, order.keys.length);
  const filter = toFilter(filters);
  const { points, next } = await index.scrollOrdered({ filter, order, limit: count, after, payload: LISTED });
  return { images: points.map(imageOf), next: next && writeCursor(next, name) };
}

const cursorSchema = z.tuple([z.string(), z.array(z.union([z.string(), z.number(), z.null()])), z.uuid()]);

const writeCursor = ({ values, id }: OrderPosition, order: string): string =>
  Buffer.from(JSON.stringify([order, values, id])).toString('base64url');

/** The cursor that goes on after an image in the order of ids. */
export const cursorAfter = (id: string): string => writeCursor({ values: [], id }, 'id asc');

function readCursor(cursor: string, order: string, length: number): OrderPosition {
  try {
    const [own, values, id] = cursorSchema.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
    if (own === order && values.length === length) return { values, id };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error;
  }
  throw new SemblanceError('invalid_request', 'The cursor is not one that this order gave');
}

/** Months that one response lists; a hundred years have 1,200. */
const MOST_MONTHS = 10_000;

/** How many matching images were taken in each month (`2026-03`), the latest first; months without are left out. */
export async function countMonths(
  index: VectorIndex,
  filters: SearchFilters,
): Promise<{ month: string; count: number }[]> {
  const counts = await index.facet({ key: 'taken_month', filter: toFilter(filters), limit: MOST_MONTHS });
  return counts
    .map(({ value, count }) => ({ month: String(value), count }))
    .sort((a, b) => (a.month < b.month ? 1 : -1));
}
