/**
 * `node bench/vectors.ts [points…]`: how fast the embedded index answers; 10,000 and 100,000 points of 512 unless
 * told. Beside it, in the same run, a plain JavaScript scan of the same vectors: the ratio holds on any machine.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectionSchema, OCR_TERMS, VISION } from '../shared/catalog/collection.ts';
import { openEmbeddedIndex } from '../shared/vectors/embedded-index.ts';
import type { Filter } from '../shared/vectors/filter.ts';
import type { Point } from '../shared/vectors/vector-index.ts';

const DIMENSION = 512;
const ROUNDS = 31;
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000];
const schema = collectionSchema(DIMENSION, DIMENSION);

const randomVector = (): Float32Array => Float32Array.from({ length: DIMENSION }, () => Math.random() - 0.5);

/** As much as an image has: twenty words in a third of them, one star in twenty. */
const randomPoint = (n: number): Point => ({
  id: randomUUID(),
  vectors: { [VISION]: randomVector() },
  ...(n % 3 === 0 && {
    sparse: {
      [OCR_TERMS]: {
        indices: Array.from({ length: 20 }, (_, i) => i * 1000 + Math.floor(Math.random() * 1000)),
        values: Array<number>(20).fill(1),
      },
    },
  }),
  payload: {
    key: `photos/2026/IMG_${n}.jpeg`,
    format: 'jpeg',
    width: 4000,
    height: 3000,
    aspect_ratio: 4 / 3,
    starred: n % 20 === 0,
    local: true,
    categories: [`category ${n % 10}`, 'all'],
    index_date: new Date(n * 1000).toISOString(),
    ocr_text: n % 3 === 0 ? 'some words of an image' : '',
  },
});

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;

/** p50 in ms. */
async function p50(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}

/** What a scan costs in plain JavaScript: all dot products, nothing else. */
function plainScan(matrix: Float32Array, query: Float32Array): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < matrix.length; at += DIMENSION) {
    let sum = 0;
    for (let i = 0; i < DIMENSION; i++) sum += matrix[at + i]! * query[i]!;
    if (sum > best) best = sum;
  }
  return best;
}

for (const size of sizes) {
  const folder = await mkdtemp(join(tmpdir(), 'semblance-bench-'));
  const file = join(folder, 'index.sqlite');
  const writer = await openEmbeddedIndex({ file, schema });
  const matrix = new Float32Array(size * DIMENSION);
  const started = performance.now();
  for (let n = 0; n < size; n += 500) {
    const points = Array.from({ length: Math.min(500, size - n) }, (_, i) => randomPoint(n + i));
    for (const [i, { vectors }] of points.entries()) matrix.set(vectors[VISION]!, (n + i) * DIMENSION);
    await writer.upsert(points);
  }
  const written = performance.now() - started;
  await writer.close();

  const opening = performance.now();
  const index = await openEmbeddedIndex({ file, schema });
  const opened = performance.now() - opening;

  const query = randomVector();
  const nearest = { using: VISION, nearest: query, limit: 20 };
  const starred: Filter = { must: [{ key: 'starred', match: { value: true } }] };
  const plain = await p50(() => plainScan(matrix, query));
  const { points } = await index.scroll({ limit: 1, payload: false });
  const rows: [string, () => Promise<unknown>][] = [
    ['nearest, top 20', () => index.query([nearest])],
    ['nearest, 5 % pass a filter', () => index.query([{ ...nearest, filter: starred }])],
    ['nearest, 95 % pass a filter', () => index.query([{ ...nearest, filter: { must_not: [starred] } }])],
    [
      'best score, 3 examples',
      () =>
        index.query([
          { ...nearest, best: { positive: [query, randomVector()], negative: [randomVector()] } },
        ]),
    ],
    [
      'three words',
      () =>
        index.query([
          { using: OCR_TERMS, sparse: { indices: [5, 1007, 3010], values: [1, 1, 1] }, limit: 20 },
        ]),
    ],
    ['facet of categories', () => index.facet({ key: 'categories', limit: 20 })],
    ['page of 30', () => index.scroll({ limit: 30 })],
    ['a star, set and durable', () => index.setPayload([points[0]?.id ?? ''], { starred: true })],
  ];
  console.log(
    `\n${size} points of ${DIMENSION}: written in ${(written / 1000).toFixed(1)} s, opened in ${(opened / 1000).toFixed(1)} s (load average ${loadavg()[0]?.toFixed(1)})`,
  );
  console.log(`${'plain JavaScript scan'.padEnd(30)}${plain.toFixed(2).padStart(9)} ms      1.000`);
  for (const [name, work] of rows) {
    const time = await p50(work);
    console.log(
      `${name.padEnd(30)}${time.toFixed(2).padStart(9)} ms   ${(time / plain).toFixed(3).padStart(8)}`,
    );
  }
  await index.close();
  await rm(folder, { recursive: true });
}
