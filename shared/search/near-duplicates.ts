import { setImmediate } from 'node:timers/promises';
import { VISION } from '../catalog/collection.ts';
import { SemblanceError } from '../errors.ts';
import type { Query, ScoredPoint, StoredPoint, VectorIndex } from '../vectors/vector-index.ts';
import { type IndexedImage, imageOf } from './images.ts';
import { byScore } from './ranking.ts';

/**
 * Two images look the same when their vectors are this near, their difference hashes share one of four 16-bit
 * bands, and differ in no more bits of 64 than this. The vector is asked first: an exact scan by it is quicker
 * than one by the bands, and few images are that near.
 */
const DUPLICATE_COSINE = 0.96;
const DUPLICATE_BITS = 12;

const MAX_GROUP = 100;

/** ms that a call looks for groups; a page may hold fewer than asked for, and still have a next. */
const SCAN_MS = 800;
/** Images read at once, and asked for at once: between those, other requests get their turn. */
const SCAN_PAGE = 64;
const ASK_AT_ONCE = 4;

export type DuplicateGroup = {
  /** Ascending by id. `similarity`: cosine to the first. */
  readonly images: readonly (IndexedImage & { readonly similarity: number })[];
};

/**
 * The images that look the same as this one, directly or by way of another; null when there is none.
 * @throws not_found
 */
export async function groupOf(index: VectorIndex, id: string): Promise<DuplicateGroup | null> {
  const [point] = await index.retrieve([id], { vectors: [VISION] });
  if (!point) throw new SemblanceError('not_found', `There is no image ${id}`);
  const [neighbours = []] = await neighboursOf(index, [point]);
  return toGroup(await connected(index, point, neighbours));
}

/**
 * Groups of images that look the same, each once, in ascending order of their lowest id. Looks for so long at
 * the most and says where the next call goes on.
 */
export async function duplicateGroups(
  index: VectorIndex,
  options: { readonly count: number; readonly offset?: string | undefined },
): Promise<{ groups: DuplicateGroup[]; next: string | null }> {
  const groups: DuplicateGroup[] = [];
  const end = performance.now() + SCAN_MS;
  let offset = options.offset;
  do {
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
  } while (performance.now() < end);
  return { groups, next: offset };
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
  const lists: ScoredPoint[][] = [];
  for (let start = 0; start < points.length; start += ASK_AT_ONCE) {
    const some = points.slice(start, start + ASK_AT_ONCE);
    const asked = await index.query(some.flatMap(toQuery));
    lists.push(...some.map(point => (point.vectors[VISION] ? (asked.shift() ?? []) : [])));
    await setImmediate();
  }
  const ids = [...new Set(lists.flatMap(list => list.map(({ id }) => id)))];
  const found = new Map((await index.retrieve(ids, { vectors: [VISION] })).map(point => [point.id, point]));
  return points.map((point, i) =>
    (lists[i] ?? []).toSorted(byScore).flatMap(({ id }) => {
      const other = found.get(id);
      return other && id !== point.id && haveLikeHashes(point, other) ? [other] : [];
    }),
  );
}

function toQuery(point: StoredPoint): Query[] {
  const vector = point.vectors[VISION];
  if (!vector) return [];
  return [{ using: VISION, nearest: vector, limit: MAX_GROUP + 1, scoreThreshold: DUPLICATE_COSINE }];
}

function haveLikeHashes(one: StoredPoint, other: StoredPoint): boolean {
  const [a, b] = [imageOf(one).payload, imageOf(other).payload];
  return (
    a.dhash_bands.some(band => b.dhash_bands.includes(band)) &&
    bitsApart(BigInt(`0x${a.dhash}`), BigInt(`0x${b.dhash}`)) <= DUPLICATE_BITS
  );
}

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
    images: members.map(point => ({
      ...imageOf(point),
      similarity: origin ? cosine(origin, point.vectors[VISION]) : 0,
    })),
  };
}

const cosine = (a: Float32Array, b: Float32Array | undefined): number =>
  b ? a.reduce((sum, value, d) => sum + value * (b[d] ?? 0), 0) : 0;
