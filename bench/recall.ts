/**
 * `node bench/recall.ts [points] [queries]`: what int8 codes lose against the vectors, and that the index loses
 * nothing: of each query's hundred best by a scan of the vectors, how many are among the hundred best by codes
 * alone, with the vectors as they are and rotated, and whether the index gives the same hundred in the same order.
 * 20,000 points and 1,000 queries unless told.
 */
import { createCodeMatrix } from '../shared/vectors/code-matrix.ts';
import { scanDense } from '../shared/vectors/dense-search.ts';
import { dot } from '../shared/vectors/exact-vectors.ts';
import { createScanThreads } from '../shared/vectors/scan-threads.ts';
import { seeded } from '../shared/vectors/seeded.ts';
import { top } from '../shared/vectors/top.ts';
import { unit } from '../shared/vectors/unit.ts';

const DIMENSION = 512;
const DEPTH = 100;
const points = Number(process.argv[2] ?? 20_000);
const queries = Number(process.argv[3] ?? 1000);

const random = seeded(1);
const bell = (): number => random() + random() + random() - 1.5;
const even = () => Float32Array.from({ length: DIMENSION }, bell);
const centres = Array.from({ length: 500 }, even);
const around = (spread: number): Float32Array => {
  const centre = centres[Math.floor(random() ** 2 * centres.length)]!;
  return centre.map(value => value + spread * bell());
};

/** What all images of a CLIP model share, a few components of it ten times the others. */
const common = even().map((value, i) => (i % 100 === 7 ? 10 * value : 2 * value));

const KINDS: Record<string, { point: () => Float32Array; query: () => Float32Array }> = {
  even: { point: even, query: even },
  'in clusters': { point: () => around(0.6), query: () => around(0.6) },
  'images, as CLIP makes them': {
    point: () => around(0.6).map((value, i) => value + common[i]!),
    query: () => around(0.6).map((value, i) => value + common[i]!),
  },
  'texts against those': {
    point: () => around(0.6).map((value, i) => value + common[i]!),
    query: () => around(2).map((value, i) => value - 0.5 * common[i]!),
  },
};

const byId = (one: number, other: number): boolean => one < other;
const slots = Int32Array.from({ length: points }, (_, slot) => slot);
const best = (scores: Float32Array) => top(slots, scores, DEPTH, Number.NEGATIVE_INFINITY, byId);

/** The vector in so many steps on either side of 0, one scale for all of it. */
function rounded(vector: Float32Array, steps: number): Float32Array {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  return vector.map(value => (Math.round((value / largest) * steps) * largest) / steps);
}

console.log(`${points} points of ${DIMENSION}, ${queries} queries, the ${DEPTH} best`);
console.log(
  ['', 'int8 alone', 'rotated', 'the index: same list', 'vectors read']
    .map((cell, i) => (i === 0 ? cell.padEnd(28) : cell.padStart(22)))
    .join(''),
);
for (const [kind, { point, query }] of Object.entries(KINDS)) {
  const vectors = Array.from({ length: points }, () => unit(point()));
  const codes = createCodeMatrix(DIMENSION, createScanThreads());
  for (const [slot, vector] of vectors.entries()) codes.set(slot, vector);
  const plain = vectors.map(vector => rounded(vector, 63));
  let reads = 0;
  const exact = {
    of(slot: number) {
      reads++;
      return vectors[slot];
    },
    put() {},
  };
  let [alone, rotated, same] = [0, 0, 0];
  for (let n = 0; n < queries; n++) {
    const nearest = unit(query());
    const expected = best(Float32Array.from(vectors, vector => dot(nearest, vector)));
    const wanted = new Set(expected.map(({ slot }) => slot));
    const found = (list: readonly { slot: number }[]) => list.filter(({ slot }) => wanted.has(slot)).length;
    const roundedQuery = rounded(nearest, 127);
    alone += found(best(Float32Array.from(plain, vector => dot(roundedQuery, vector))));
    const all = await codes.candidates({ nearest }, Number.POSITIVE_INFINITY);
    const estimates = new Float32Array(vectors.length);
    for (const [i, row] of all.rows.entries()) estimates[row] = all.low[i]!;
    rotated += found(best(estimates));
    const scan = await scanDense({ codes, exact }, { using: kind, nearest, limit: DEPTH }, undefined);
    const scored = scan.take(new Set(), () => true);
    const list = scored ? top(scored.slots, scored.scores, DEPTH, Number.NEGATIVE_INFINITY, byId) : [];
    same += Number(expected.every(({ slot, score }, i) => list[i]?.slot === slot && list[i].score === score));
  }
  const share = (count: number, of: number): string => `${((100 * count) / of).toFixed(2)} %`;
  console.log(
    kind.padEnd(28) +
      [
        share(alone, queries * DEPTH),
        share(rotated, queries * DEPTH),
        `${same} of ${queries}`,
        (reads / queries).toFixed(0),
      ]
        .map(cell => cell.padStart(22))
        .join(''),
  );
}
