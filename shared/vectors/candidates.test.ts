import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gatherCandidates, joinCandidates } from './candidates.ts';

// As multiples of 1/128, they and their sums are exact.
const score = fc.oneof(
  fc.integer({ min: -128, max: 128 }).map(each => each / 128),
  fc.constant(Number.NaN),
);
const width = fc.integer({ min: 0, max: 40 }).map(each => each / 128);
const place = fc.record({ score, width });

it('keeps every place that may be among the best, wherever the list is cut, and no other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(place, { maxLength: 40 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 60 }),
      width,
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 6 }),
      (chunks, depth, margin, takenBy) => {
        const parts = Array.from({ length: 3 }, () => gatherCandidates(depth));
        let first = 0;
        for (const [i, chunk] of chunks.entries()) {
          const low = Float32Array.from(chunk, each => each.score);
          const high = Float32Array.from(chunk, each => each.score + each.width);
          parts[takenBy[i]!]!.offer(low, high, margin, first);
          first += chunk.length;
        }
        const found = joinCandidates(
          parts.map(part => part.candidates()),
          depth,
        );
        const all = chunks.flat().map((each, at) => ({
          place: at,
          low: each.score - margin,
          high: each.score + each.width + margin,
        }));
        const lows = all.flatMap(({ low }) => (Number.isNaN(low) ? [] : [low])).sort((a, b) => b - a);
        expect(found.floor).toBe(lows[depth - 1] ?? Number.NEGATIVE_INFINITY);
        const kept = Array.from(found.places, (each, i) => ({
          place: each,
          low: found.low[i],
          high: found.high[i],
        }));
        expect(kept.sort((a, b) => a.place - b.place)).toEqual(all.filter(({ high }) => high >= found.floor));
      },
    ),
  );
});

it('forgets what later scores push out, so that a long list takes little room', () => {
  const gathering = gatherCandidates(10);
  const chunk = new Float32Array(4096);
  for (let first = 0; first < 4_096_000; first += chunk.length) {
    for (let i = 0; i < chunk.length; i++) chunk[i] = (first + i) / 4_096_000;
    gathering.offer(chunk, chunk, 0.001, first);
  }
  const { low, high } = gathering.candidates();
  expect(high.every(each => each >= 1 - 0.003)).toBe(true);
  expect(low.buffer.byteLength).toBeLessThan(60_000);
});
