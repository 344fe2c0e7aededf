import { z } from 'zod';
import { VISION } from '../catalog/collection.ts';
import { differenceHashBands } from '../catalog/hash-bands.ts';
import { payloadSchema } from '../catalog/payload.ts';
import { SemblanceError } from '../errors.ts';
import type { Payload, Query, StoredPoint, VectorIndex } from '../vectors/vector-index.ts';
import { type IndexedImage, imageOf } from './images.ts';

/**
 * Two images look the same when their vectors are this near, their difference hashes share one of four 16-bit
 * bands, and differ in no more bits of 64 than this. An index that finds by hashes gets this in the query, and reads next
 * to nothing else. Another index searches by the vector first, since few images are that near.
 */
const DUPLICATE_COSINE = 0.96;
const DUPLICATE_BITS = 12;

const MAX_GROUP = 100;

/** ms that a call looks for groups; a page may hold fewer than requested, and still have a next. */
const SCAN_MS = 800;
/** Images that are read and compared at once. */
const SCAN_PAGE = 64;

export type DuplicateGroup = {
  /** Ascending by id. `similarity`: cosine to the first. */
  readonly images: readonly (IndexedImage & { readonly similarity: number })[];
};

/**
 * The images that look the same as this one, directly or by way of another; null when there is none.
 * @throws not_found
 */
export async function groupOf(index: VectorIndex, id: string): Promise<DuplicateGroup | null> {
  const [point] = await index.retrieve([id], COMPARED);
  if (!point) throw new SemblanceError('not_found', `There is no image ${id}`);
  const [neighbours = []] = await neighboursOf(index, [point]);
  return toGroup(await connected(index, id, neighbours));
}

/**
 * Groups of images that look the same, from `offset` on (inclusive), in ascending order of their lowest id. Looks
 * for so long at the most and says where the next call goes on.
 */
export async function duplicateGroups(
  index: VectorIndex,
  options: { readonly count: number; readonly offset?: string | undefined },
): Promise<{ groups: DuplicateGroup[]; next: string | null }> {
  const groups: DuplicateGroup[] = [];
  const end = performance.now() + SCAN_MS;
  let offset = options.offset;
  do {
    const { points, next } = await index.scroll({ ...COMPARED, limit: SCAN_PAGE, offset });
    const neighbours = await neighboursOf(index, points);
    for (const [i, { id }] of points.entries()) {
      const near = neighbours[i] ?? [];
      if (near.length === 0 || near.some(other => other < id)) continue;
      const members = await connected(index, id, near);
      const group = toGroup(members);
      if (!group || members.some(member => member.id < id)) continue;
      groups.push(group);
      if (groups.length === options.count) return { groups, next: points[i + 1]?.id ?? next };
    }
    if (next === null) return { groups, next: null };
    offset = next;
  } while (performance.now() < end);
  return { groups, next: offset };
}

/** The start and all that are reached from it, breadth first, at most MAX_GROUP. */
async function connected(
  index: VectorIndex,
  start: string,
  neighbours: readonly string[],
): Promise<StoredPoint[]> {
  const members = new Map<string, StoredPoint>();
  let edge: readonly string[] = [start, ...neighbours];
  while (edge.length > 0) {
    const points = await index.retrieve(edge.slice(0, MAX_GROUP - members.size), { vectors: [VISION] });
    for (const point of points) members.set(point.id, point);
    if (members.size >= MAX_GROUP) break;
    const reached = await neighboursOf(
      index,
      points.filter(({ id }) => id !== start),
    );
    edge = [...new Set(reached.flat())].filter(id => !members.has(id));
  }
  return [...members.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What of a point is compared. */
const COMPARED = { payload: ['dhash'], vectors: [VISION] };
const comparedSchema = z.object({ dhash: payloadSchema.shape.dhash });

/** For each point, which has its vector, the ids of the others that look the same, nearest first. */
async function neighboursOf(index: VectorIndex, points: readonly StoredPoint[]): Promise<string[][]> {
  const lists = await index.query(points.flatMap(toQuery));
  return points.map(point => {
    const near = point.vectors[VISION] ? (lists.shift() ?? []) : [];
    return near.flatMap(({ id, payload = {} }) =>
      id !== point.id && haveLikeHashes(point.payload, payload) ? [id] : [],
    );
  });
}

function toQuery(point: StoredPoint): Query[] {
  const nearest = point.vectors[VISION];
  if (!nearest) return [];
  const { payload } = COMPARED;
  const alike = { key: 'dhash', hash: comparedSchema.parse(point.payload).dhash, bits: DUPLICATE_BITS };
  return [{ using: VISION, nearest, alike, limit: MAX_GROUP + 1, scoreThreshold: DUPLICATE_COSINE, payload }];
}

function haveLikeHashes(one: Payload, other: Payload): boolean {
  const [a, b] = [comparedSchema.parse(one).dhash, comparedSchema.parse(other).dhash];
  const bands = differenceHashBands(b);
  return (
    differenceHashBands(a).some(band => bands.includes(band)) &&
    bitsApart(BigInt(`0x${a}`), BigInt(`0x${b}`)) <= DUPLICATE_BITS
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
