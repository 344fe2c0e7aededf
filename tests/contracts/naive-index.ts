import type { Condition, Filter } from '../../shared/vectors/filter.ts';
import { idWords } from '../../shared/vectors/point-ids.ts';
import { shuffleScore, shuffleSeed } from '../../shared/vectors/shuffle.ts';
import type {
  CollectionSchema,
  Payload,
  Point,
  Query,
  VectorIndex,
} from '../../shared/vectors/vector-index.ts';

/** The VectorIndex in its plainest form, in f64 and without any cache: the reference that others are compared with. */
export function createNaiveIndex(schema: CollectionSchema): VectorIndex {
  const points = new Map<string, Point>();
  const sorted = (filter?: Filter): Point[] =>
    [...points.values()].filter(point => matches(filter ?? {}, point)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const stored = ({ id, payload }: Point) => ({ id, payload, vectors: {} });

  return {
    async bootstrap() {},
    async close() {},
    async upsert(batch) {
      for (const point of batch) points.set(point.id, point);
    },
    async setPayload(ids, patch) {
      for (const id of ids) {
        const point = points.get(id);
        if (!point) continue;
        const payload: Payload = { ...point.payload, ...patch };
        for (const key of Object.keys(patch)) if (patch[key] === null) delete payload[key];
        points.set(id, { ...point, payload });
      }
    },
    async delete(ids) {
      for (const id of ids) points.delete(id);
    },
    retrieve: async ids => ids.flatMap(id => points.get(id) ?? []).map(stored),
    query: async queries =>
      queries.map(query =>
        sorted(query.filter)
          .flatMap(point => {
            const score = scoreOf(query, point, [...points.values()]);
            return score === undefined ? [] : [{ id: point.id, score }];
          })
          .filter(({ score }) => query.scoreThreshold === undefined || score > query.scoreThreshold)
          .sort((a, b) => b.score - a.score)
          .slice(query.offset, (query.offset ?? 0) + query.limit),
      ),
    idf: async (using, terms) => terms.map(term => idfOf(term, using, [...points.values()])),
    async scroll({ filter, limit, offset = '' }) {
      const found = sorted(filter).filter(({ id }) => id >= offset);
      return { points: found.slice(0, limit).map(stored), next: found[limit]?.id ?? null };
    },
    async scrollOrdered({ filter, order, limit, after }) {
      const place = after && { id: after.id, values: after.values.map(each => numeric(each)) };
      const places = sorted(filter)
        .map(point => ({
          point,
          id: point.id,
          values: order.keys.map(key => {
            const value = point.payload[key] ?? null;
            return value === null ? null : fits(value, schema.payload[key]) ? numeric(value) : undefined;
          }),
        }))
        .filter(({ values }) => values.every(value => value !== undefined))
        .sort((a, b) => comparePlaces(a, b, order.direction));
      const found = places.filter(each => !place || comparePlaces(each, place, order.direction) > 0);
      const page = found.slice(0, limit).map(({ point }) => stored(point));
      const last = page.at(-1);
      return {
        points: page,
        next:
          last && found.length > limit
            ? { id: last.id, values: order.keys.map(key => (last.payload[key] ?? null) as number | null) }
            : null,
      };
    },
    sample: async ({ filter, limit }) => sorted(filter).slice(0, limit).map(stored),
    shuffle: async ({ filter, seed, skip, limit }) =>
      sorted(filter)
        .map(({ id }) => ({ id, score: shuffleScore(shuffleSeed(seed), ...idWords(id)) }))
        .sort((a, b) => b.score - a.score)
        .slice(skip, skip + limit),
    count: async filter => sorted(filter).length,
    async facet({ key, filter, limit }) {
      const all = sorted(filter).map(({ payload }) => new Set(elements(payload[key])));
      const values = [...new Set(all.flatMap(each => [...each]))].filter(value => typeof value === 'string');
      return values
        .map(value => ({ value, count: all.filter(each => each.has(value)).length }))
        .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
        .slice(0, limit);
    },
  };

  function scoreOf(query: Query, point: Point, all: readonly Point[]): number | undefined {
    if ('sparse' in query) return sparseScore(query, point, all);
    const vector = point.vectors[query.using];
    if (!vector) return undefined;
    if ('nearest' in query) return cosine(vector, query.nearest);
    const [p, n] = [query.best.positive, query.best.negative].map(side =>
      Math.max(...side.map(example => cosine(vector, example))),
    );
    const sigmoid = (x: number): number => 0.5 * (x / (1 + Math.abs(x)) + 1);
    return p! > n! ? sigmoid(p!) : -sigmoid(n!);
  }

  function matches(filter: Filter, point: Point): boolean {
    const { must = [], must_not = [], should = [] } = filter;
    const holds = (condition: Condition): boolean => conditionHolds(condition, point);
    return must.every(holds) && !must_not.some(holds) && (should.length === 0 || should.some(holds));
  }

  function conditionHolds(condition: Condition, point: Point): boolean {
    if ('has_id' in condition) return condition.has_id.includes(point.id);
    if ('has_vector' in condition)
      return condition.has_vector in point.vectors || condition.has_vector in (point.sparse ?? {});
    if ('is_empty' in condition)
      return elements(point.payload[condition.is_empty.key]).every(value => value === null);
    if ('is_null' in condition) return point.payload[condition.is_null.key] === null;
    if (!('key' in condition)) return matches(condition, point);
    const { key } = condition;
    const type = schema.payload[key];
    const values = elements(point.payload[key]).filter(value => fits(value, type));
    if ('range' in condition) {
      const number = (value: unknown): number =>
        typeof value === 'string' ? new Date(value).getTime() : Number(value);
      const { gt, gte, lt, lte } = condition.range;
      return values.some(
        value =>
          (gt === undefined || number(value) > number(gt)) &&
          (gte === undefined || number(value) >= number(gte)) &&
          (lt === undefined || number(value) < number(lt)) &&
          (lte === undefined || number(value) <= number(lte)),
      );
    }
    const { match } = condition;
    if ('value' in match) return values.includes(match.value);
    if ('any' in match) return values.some(value => match.any.some(each => each === value));
    if ('except' in match) return values.some(value => !match.except.some(each => each === value));
    const tokens = (text: unknown): string[] => String(text).toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = tokens(match.phrase);
    return values.some(value =>
      tokens(value).some((_, i, all) => wanted.every((token, j) => all[i + j] === token)),
    );
  }
}

type Place = { id: string; values: (number | null | undefined)[] };

const numeric = (value: unknown): number | null =>
  value === null ? null : typeof value === 'string' ? new Date(value).getTime() : Number(value);

function comparePlaces(one: Place, other: Place, direction: 'asc' | 'desc'): number {
  for (const [i, a] of one.values.entries()) {
    const b = other.values[i] ?? null;
    if (a === b && a === null) break;
    if (a === b) continue;
    if (a === null || a === undefined) return 1;
    if (b === null) return -1;
    return direction === 'asc' ? a - b : b - a;
  }
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}

const elements = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

function fits(value: unknown, type: string | undefined): boolean {
  if (type === 'bool') return typeof value === 'boolean';
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'float') return typeof value === 'number';
  if (type === 'datetime') return typeof value === 'string' && !Number.isNaN(new Date(value).getTime());
  return typeof value === 'string';
}

function cosine(one: Float32Array, other: Float32Array): number {
  const dot = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const lengths = Math.sqrt(dot(one, one) * dot(other, other));
  return lengths === 0 ? 0 : dot(one, other) / lengths;
}

function sparseScore(
  query: Extract<Query, { sparse: unknown }>,
  point: Point,
  all: readonly Point[],
): number | undefined {
  const vector = point.sparse?.[query.using];
  if (!vector || !query.sparse.indices.some(term => vector.indices.includes(term))) return undefined;
  return query.sparse.indices.reduce((sum, term, i) => {
    const idf = idfOf(term, query.using, all) ?? 0;
    return sum + idf * query.sparse.values[i]! * (vector.values[vector.indices.indexOf(term)] ?? 0);
  }, 0);
}

function idfOf(term: number, using: string, all: readonly Point[]): number | undefined {
  const having = all.flatMap(each => each.sparse?.[using] ?? []);
  const df = having.filter(each => each.indices.includes(term)).length;
  return df === 0 ? undefined : Math.log((having.length - df + 0.5) / (df + 0.5) + 1);
}
