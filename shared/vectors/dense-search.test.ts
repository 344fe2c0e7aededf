import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCodeMatrix } from './code-matrix.ts';
import { type DenseQuery, type ScoredSlots, scanDense } from './dense-search.ts';
import { createExactVectors, dot } from './exact-vectors.ts';
import { createScanThreads } from './scan-threads.ts';
import { seeded } from './seeded.ts';
import { top } from './top.ts';
import { unit } from './unit.ts';

/** Vectors of one name, and what was stored. */
function createVectors(dimension: number) {
  const stored = new Map<number, Float32Array>();
  const codes = createCodeMatrix(dimension, createScanThreads());
  let reads = 0;
  const exact = createExactVectors(dimension, slot => {
    reads++;
    return stored.get(slot);
  });
  return {
    dense: { codes, exact },
    stored,
    reads: () => reads,
    set(slot: number, vector: Float32Array) {
      stored.set(slot, vector);
      codes.set(slot, vector);
      exact.put(slot, undefined);
    },
    remove(slot: number) {
      stored.delete(slot);
      codes.remove(slot);
      exact.put(slot, undefined);
    },
  };
}

const ranked = (scored: ScoredSlots | undefined, limit: number, above = Number.NEGATIVE_INFINITY) =>
  scored && top(scored.slots, scored.scores, limit, above, byId);

const byId = (one: number, other: number): boolean => one < other;

/** Around centres, as images of the same thing are: many scores close to the best. */
function clustered(dimension: number, centres: number, random: () => number): () => Float32Array {
  const bell = () => random() + random() + random() - 1.5;
  const middles = Array.from({ length: centres }, () => Float32Array.from({ length: dimension }, bell));
  return () => {
    const middle = middles[Math.floor(random() * centres)]!;
    return unit(middle.map(value => value + 0.4 * bell()));
  };
}

it('finds the same hundred, with the same scores, as a scan of the vectors, and reads few of them', async () => {
  const random = seeded(3);
  const make = clustered(512, 40, random);
  const vectors = createVectors(512);
  for (let slot = 0; slot < 4000; slot++) vectors.set(slot, make());
  const slots = Int32Array.from(vectors.stored.keys());
  for (let n = 0; n < 40; n++) {
    const nearest = make();
    const scores = Float32Array.from(slots, slot => dot(nearest, vectors.stored.get(slot)!));
    const expected = top(slots, scores, 100, Number.NEGATIVE_INFINITY, byId);
    const scan = await scanDense(vectors.dense, { using: 'vision', nearest, limit: 100 }, undefined);
    expect(
      ranked(
        scan.take(new Set(), () => true),
        100,
      ),
    ).toEqual(expected);
  }
  expect(vectors.reads()).toBeLessThan(40 * 400);
});

it('reads the vectors of a long list a few at a time, so that others get their turn', async () => {
  const make = clustered(512, 40, seeded(9));
  const vectors = createVectors(512);
  for (let slot = 0; slot < 4000; slot++) vectors.set(slot, make());
  let readAtOnce = 0;
  let readBefore = 0;
  let done = false;
  const look = (): void => {
    readAtOnce = Math.max(readAtOnce, vectors.reads() - readBefore);
    readBefore = vectors.reads();
    if (!done) setImmediate(look);
  };
  look();
  const scan = await scanDense(vectors.dense, { using: 'vision', nearest: make(), limit: 1000 }, undefined);
  scan.take(new Set(), () => true);
  done = true;
  look();
  expect(vectors.reads()).toBeGreaterThan(1000);
  expect(readAtOnce).toBeLessThanOrEqual(64);
});

it('has every point that belongs to the best, after any changes, also those made while it scans', async () => {
  const change = fc.record({ slot: fc.integer({ min: 0, max: 30 }), seed: fc.option(fc.integer()) });
  const vectorOf = (seed: number) =>
    unit(Float32Array.from({ length: 20 }, (_, i) => Math.sin(seed + i * i)));
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 80 }),
      fc.array(change, { maxLength: 10 }),
      fc.func(fc.boolean()),
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
      fc.option(fc.double({ min: -0.5, max: 0.9, noNaN: true })),
      fc.boolean(),
      async (before, meanwhile, pass, limit, best, scoreThreshold, whole) => {
        const vectors = createVectors(20);
        const apply = ({ slot, seed }: { slot: number; seed: number | null }) => {
          if (seed === null) vectors.remove(slot);
          else vectors.set(slot, vectorOf(seed));
        };
        before.forEach(apply);
        const [a, b, c] = [vectorOf(1), vectorOf(2), vectorOf(3)];
        const query: DenseQuery = {
          using: 'vision',
          limit,
          scoreThreshold: scoreThreshold ?? undefined,
          ...(best ? { best: { positive: [a, b], negative: [c] } } : { nearest: a }),
        };
        const started = scanDense(vectors.dense, query, pass, whole);
        meanwhile.slice(0, 5).forEach(apply);
        const scan = await started;
        meanwhile.slice(5).forEach(apply);
        const scored = scan.take(new Set(meanwhile.map(({ slot }) => slot)), pass);
        const above = Math.fround(scoreThreshold ?? Number.NEGATIVE_INFINITY);
        const found = ranked(scored, limit, above);
        if (!whole && found === undefined) return;

        const sigmoid = (x: number): number => 0.5 * (x / (1 + Math.abs(x)) + 1);
        const score = (vector: Float32Array): number => {
          if (!best) return dot(a, vector);
          const [liked, disliked] = [Math.max(dot(a, vector), dot(b, vector)), dot(c, vector)];
          return liked > disliked ? sigmoid(liked) : -sigmoid(disliked);
        };
        const slots = Int32Array.from([...vectors.stored.keys()].filter(slot => pass(slot)));
        const scores = Float32Array.from(slots, slot => score(vectors.stored.get(slot)!));
        expect(found).toEqual(top(slots, scores, limit, above, byId));
      },
    ),
  );
});

it('has no result where the best have gone while it scanned, unless it keeps the whole of the list', async () => {
  const random = seeded(7);
  const make = clustered(512, 40, random);
  const [kept, gone] = [make(), make()];
  const run = async (whole: boolean) => {
    const vectors = createVectors(512);
    for (let slot = 0; slot < 40; slot++) vectors.set(slot, slot < 20 ? gone : kept);
    const scan = await scanDense(
      vectors.dense,
      { using: 'vision', nearest: gone, limit: 5 },
      undefined,
      whole,
    );
    const removed = Array.from({ length: 20 }, (_, slot) => slot);
    for (const slot of removed) vectors.remove(slot);
    return ranked(
      scan.take(new Set(removed), () => true),
      5,
    );
  };
  expect(await run(false)).toBeUndefined();
  expect((await run(true))?.map(({ slot }) => slot)).toEqual([20, 21, 22, 23, 24]);
});

it('is exact with a filter that most pass, also where the best don’t', async () => {
  const random = seeded(8);
  const make = clustered(512, 40, random);
  const vectors = createVectors(512);
  for (let slot = 0; slot < 4000; slot++) vectors.set(slot, make());
  const slots = Int32Array.from(vectors.stored.keys());
  for (let n = 0; n < 10; n++) {
    const nearest = make();
    const scores = Float32Array.from(slots, slot => dot(nearest, vectors.stored.get(slot)!));
    const order = top(slots, scores, 4000, Number.NEGATIVE_INFINITY, byId);
    const best = new Set(order.slice(0, n * 150).map(({ slot }) => slot));
    const passes = (slot: number): boolean => !best.has(slot);
    const scan = await scanDense(vectors.dense, { using: 'vision', nearest, limit: 20 }, passes);
    expect(ranked(scan.take(new Set(), passes), 20)).toEqual(order.slice(n * 150, n * 150 + 20));
  }
});

it('is the same by threads as without, of two matrices that share them', async () => {
  const random = seeded(5);
  const make = clustered(64, 20, random);
  const vectors = Array.from({ length: 300 }, make);
  // 17 MB of codes, more than are scanned without threads
  const threads = createScanThreads();
  const create = () => createCodeMatrix(64, threads);
  const [large, other, small] = [create(), create(), create()];
  for (let slot = 0; slot < 270_000; slot++) {
    large.set(slot, vectors[slot % 300]!);
    other.set(slot, vectors[(slot + 1) % 300]!);
  }
  for (let slot = 0; slot < 300; slot++) small.set(slot, vectors[slot]!);
  const [a, b, c] = [make(), make(), make()];
  const wanted = [{ nearest: a }, { nearest: b }, { best: { positive: [a, b], negative: [c] } }];
  const found = await Promise.all(
    wanted.map(each => Promise.all([large.candidates(each, 1000), other.candidates(each, 1000)])),
  );
  for (const [i, each] of wanted.entries()) {
    const all = await small.candidates(each, Number.POSITIVE_INFINITY);
    const [low, high] = [new Float32Array(300), new Float32Array(300)];
    for (const [at, row] of all.rows.entries()) [low[row], high[row]] = [all.low[at]!, all.high[at]!];
    for (const [shift, candidates] of found[i]!.entries()) {
      const vectorOf = (row: number): number => (row + shift) % 300;
      const rows = Uint32Array.from({ length: 270_000 }, (_, row) => row);
      expect(candidates.rows.toSorted()).toEqual(
        rows.filter(row => high[vectorOf(row)]! >= candidates.floor),
      );
      expect(candidates.rows.length).toBeLessThan(200_000);
      expect(candidates.low).toEqual(Float32Array.from(candidates.rows, row => low[vectorOf(row)]!));
      expect(candidates.high).toEqual(Float32Array.from(candidates.rows, row => high[vectorOf(row)]!));
    }
  }
  await threads.close();
});
