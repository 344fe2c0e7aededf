import type { Condition, Filter } from './filter.ts';
import { byOrder, orderNumber, positionOf } from './order-position.ts';
import type { Direction, OrderPosition, StoredPoint, VectorIndex } from './vector-index.ts';

/** The two ways in which Qdrant goes through points. */
export type Scrolls = {
  /** Ascending by id, from the offset, inclusive. */
  byId(filter: Filter, limit: number, offset: string | undefined): Promise<StoredPoint[]>;
  /** By a field of numbers or datetimes; points without it are left out, equal values come in any order. */
  byValue(filter: Filter, limit: number, key: string, direction: Direction): Promise<StoredPoint[]>;
};

type Options = Parameters<VectorIndex['scrollOrdered']>[0];
type Value = string | number;

/**
 * Pages of Qdrant's `order_by` that neither overlap nor leave gaps. It has no cursor, and equal values come in an
 * order that changes: so points that share a value are asked for apart, by the next field and at last by id. A page
 * takes one to three requests for each field.
 * Source: https://qdrant.tech/documentation/concepts/points/#order-points-by-payload-key
 */
export async function scrollOrdered(
  { byId, byValue }: Scrolls,
  { filter = {}, order, limit, after }: Options,
): Promise<{ points: StoredPoint[]; next: OrderPosition | null }> {
  const { direction } = order;

  async function idsAfter(within: Filter, id: string | undefined, wanted: number): Promise<StoredPoint[]> {
    if (wanted === 0) return [];
    const points = await byId(within, wanted + 1, id);
    return points.filter(point => point.id !== id).slice(0, wanted);
  }

  /** Points within a filter from a position on, ordered by these keys. */
  async function collect(
    within: Filter,
    keys: readonly string[],
    from: OrderPosition | undefined,
    wanted: number,
  ): Promise<StoredPoint[]> {
    const [key, ...rest] = keys;
    if (key === undefined) return idsAfter(within, from?.id, wanted);
    const missing = both(within, { is_empty: { key } });
    const [value, ...values] = from?.values ?? [];
    if (value === null) return idsAfter(missing, from?.id, wanted);

    const found: StoredPoint[] = [];
    if (from && value !== undefined)
      found.push(...(await collect(equalTo(within, key, value), rest, { values, id: from.id }, wanted)));
    if (found.length < wanted) {
      const left = value === undefined ? within : both(within, beyond(key, value, direction));
      found.push(...(await collectByValue(left, key, rest, wanted - found.length)));
    }
    if (found.length < wanted) found.push(...(await idsAfter(missing, undefined, wanted - found.length)));
    return found;
  }

  async function collectByValue(
    within: Filter,
    key: string,
    rest: readonly string[],
    wanted: number,
  ): Promise<StoredPoint[]> {
    const asked = wanted + 1;
    const points = await byValue(within, asked, key, direction);
    const groups = groupsOf(points, key);
    const isWhole = points.length < asked;
    const found: StoredPoint[] = [];
    for (const [i, { value, members }] of groups.entries()) {
      if (found.length >= wanted) break;
      const isCut = !isWhole && i === groups.length - 1;
      if (!isCut) found.push(...members.toSorted(byOrder({ keys: rest, direction })));
      else
        found.push(...(await collect(equalTo(within, key, value), rest, undefined, wanted - found.length)));
    }
    return found.slice(0, wanted);
  }

  const points = await collect(filter, order.keys, after, limit + 1);
  const page = points.slice(0, limit);
  return { points: page, next: points.length > limit ? positionOf(page.at(-1), order) : null };
}

const both = (filter: Filter, condition: Condition): Filter => ({ must: [filter, condition] });

const equalTo = (filter: Filter, key: string, value: Value): Filter =>
  both(filter, { key, range: { gte: value, lte: value } });

const beyond = (key: string, value: Value, direction: Direction): Condition => ({
  key,
  range: direction === 'asc' ? { gt: value } : { lt: value },
});

/** Neighbours that share a value. */
function groupsOf(points: readonly StoredPoint[], key: string) {
  const groups: { value: Value; members: StoredPoint[] }[] = [];
  for (const point of points) {
    const value = point.payload[key];
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    const last = groups.at(-1);
    if (last && orderNumber(last.value) === orderNumber(value)) last.members.push(point);
    else groups.push({ value, members: [point] });
  }
  return groups;
}
