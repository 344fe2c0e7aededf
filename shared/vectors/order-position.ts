import { parseMicroseconds } from './cells.ts';
import type { Order, OrderPosition, StoredPoint } from './vector-index.ts';

/** Where a point stands in an order; null for no point. */
export const positionOf = (point: StoredPoint | undefined, { keys }: Order): OrderPosition | null =>
  point ? { values: keys.map(key => scalarOf(point.payload[key])), id: point.id } : null;

const scalarOf = (value: unknown): string | number | null =>
  typeof value === 'string' || typeof value === 'number' ? value : null;

/** A value as it is ordered: datetimes as µs since 1970; null for none. */
export const orderNumber = (value: unknown): number | null =>
  typeof value === 'string' ? (parseMicroseconds(value) ?? null) : typeof value === 'number' ? value : null;

/** Which of two points comes first; see VectorIndex.scrollOrdered. */
export const byOrder =
  ({ keys, direction }: Order) =>
  (one: StoredPoint, other: StoredPoint): number => {
    for (const key of keys) {
      const [a, b] = [orderNumber(one.payload[key]), orderNumber(other.payload[key])];
      if (a === null && b === null) break;
      if (a === null) return 1;
      if (b === null) return -1;
      if (a !== b) return direction === 'asc' ? a - b : b - a;
    }
    return one.id < other.id ? -1 : 1;
  };
