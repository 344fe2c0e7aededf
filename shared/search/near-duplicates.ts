import { SemblanceError } from '../errors.ts';
import { VISION } from '../indexing/payload.ts';
import type { Filter } from '../vectors/filter.ts';
import type { Query, StoredPoint, VectorIndex } from '../vectors/vector-index.ts';
import { type Picture, pictureOf } from './pictures.ts';
import { byScore } from './ranking.ts';

/** A pair whose difference hashes share one of four 16-bit bands is a candidate; this cosine confirms it. */
const DUPLICATE_COSINE = 0.96;

/** Bits of 64 in which the hashes of a pair may differ. */
const DUPLICATE_BITS = 12;

const MAX_GROUP = 100;

/** Pictures compared in one call; a page may hold fewer groups than asked for, and still have a next. */
const SCAN_LIMIT = 1_000;
const SCAN_PAGE = 100;

export type DuplicateGroup = {
  /** Ascending by id. `similarity`: cosine to the first. */
  readonly pictures: readonly (Picture & { readonly similarity: number })[];
};

/**
 * The pictures that look the same as this one, directly or by way of another; null when there is none.
 * @throws not_found
 */
export async function groupOf(index: VectorIndex, id: string): Promise<DuplicateGroup | null> {
  const [point] = await index.retrieve([id], { vectors: [VISION] });
  if (!point) throw new SemblanceError('not_found', `There is no picture ${id}`);
  const [neighbours = []] = await neighboursOf(index, [point]);
  return toGroup(await connected(index, point, neighbours));
}

/**
 * Groups of pictures that look the same, each once, in ascending order of their lowest id. Reads a bounded part
 * of the collection in a call and says where the next goes on.
 */
export async function duplicateGroups(
  index: VectorIndex,
  options: { readonly count: number; readonly offset?: string | undefined },
): Promise<{ groups: DuplicateGroup[]; next: string | null }> {
  const groups: DuplicateGroup[] = [];
  let offset = options.offset;
  for (let scanned = 0; scanned < SCAN_LIMIT; scanned += SCAN_PAGE) {
    const page = await index.scroll({ limit: SCAN_PAGE, offset, payload: false });
    const points = await index.retrieve(
      page.points.map(({ id }) => id),
      { vectors: [VISION] },
    );
    const neighbours = await neighboursOf(index, points);
    for (const [i, point] of points.entries()) {
      const near = neighbours[i] ?? [];
      if (near.length === 0 || near.some(other => other.id < point.id)) continue;
      const members = await connected(index, point, near);
      const group = toGroup(members);
      if (!group || members.some(member => member.id < point.id)) continue;
      groups.push(group);
      if (groups.length === options.count) return { groups, next: points[i + 1]?.id ?? page.next };
    }
    if (page.next === null) return { groups, next: null };
    offset = page.next;
  }
  return { groups, next: offset ?? null };
}

/** The start and all that are reached from it, breadth first, at most MAX_GROUP. */
async function connected(
  index: VectorIndex,
  start: StoredPoint,
  neighbours: readonly StoredPoint[],
): Promise<StoredPoint[]> {
  const members = new Map([[start.id, start]]);
  let edge: readonly StoredPoint[] = neighbours;
  while (edge.length > 0 && members.size < MAX_GROUP) {
    for (const point of edge) members.set(point.id, point);
    const reached = await neighboursOf(index, edge);
    const fresh = new Map(
      reached
        .flat()
        .filter(point => !members.has(point.id))
        .map(point => [point.id, point]),
    );
    edge = [...fresh.values()].slice(0, MAX_GROUP - members.size);
  }
  return [...members.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** For each point the others that look the same, with their vectors. */
async function neighboursOf(index: VectorIndex, points: readonly StoredPoint[]): Promise<StoredPoint[][]> {
  const asked = points.map(toQuery);
  const lists = await index.query(asked.flatMap(query => query ?? []));
  const found = new Map(
    (
      await index.retrieve([...new Set(lists.flatMap(list => list.map(({ id }) => id)))], {
        vectors: [VISION],
      })
    ).map(point => [point.id, point]),
  );
  let next = 0;
  return asked.map((query, i) => {
    if (!query) return [];
    const near = (lists[next++] ?? []).toSorted(byScore).flatMap(({ id }) => found.get(id) ?? []);
    return near.filter(point => bitsApart(hashOf(point), hashOf(points[i])) <= DUPLICATE_BITS);
  });
}

function toQuery(point: StoredPoint): Query | null {
  const vector = point.vectors[VISION];
  if (!vector) return null;
  const { dhash_bands: bands } = pictureOf(point).payload;
  const filter: Filter = {
    must: [{ key: 'dhash_bands', match: { any: bands } }],
    must_not: [{ has_id: [point.id] }],
  };
  return { using: VISION, nearest: vector, filter, limit: MAX_GROUP, scoreThreshold: DUPLICATE_COSINE };
}

const hashOf = (point: StoredPoint | undefined): bigint =>
  point ? BigInt(`0x${pictureOf(point).payload.dhash}`) : 0n;

function bitsApart(a: bigint, b: bigint): number {
  let differing = a ^ b;
  let bits = 0;
  for (; differing > 0n; differing >>= 1n) bits += Number(differing & 1n);
  return bits;
}

function toGroup(members: readonly StoredPoint[]): DuplicateGroup | null {
  const [first] = members;
  if (!first || members.length < 2) return null;
  const origin = first.vectors[VISION];
  return {
    pictures: members.map(point => ({
      ...pictureOf(point),
      similarity: origin ? cosine(origin, point.vectors[VISION]) : 0,
    })),
  };
}

const cosine = (a: Float32Array, b: Float32Array | undefined): number =>
  b ? a.reduce((sum, value, d) => sum + value * (b[d] ?? 0), 0) : 0;
