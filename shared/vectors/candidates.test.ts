import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gatherCandidates, joinCandidates } from './candidates.ts';

const score = fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }).map(Math.fround), fc.constant(Number.NaN));

it('keeps every score that may be among the best, wherever the list is cut, and none far below', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(score, { maxLength: 40 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 0.3, noNaN: true }),
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 6 }),
      (chunks, depth, margin, takenBy) => {
        const parts = Array.from({ length: 3 }, () => gatherCandidates({ depth, margin }));
        let first = 0;
        for (const [i, chunk] of chunks.entries()) {
          parts[takenBy[i]!]!.offer(Float32Array.from(chunk), first);
          first += chunk.length;
        }
        const { places, scores, floor } = joinCandidates(
          parts.map(part => part.candidates()),
          { depth, margin },
        );
        const all = chunks.flat();
        const sorted = all.filter(each => !Number.isNaN(each)).sort((a, b) => b - a);
        const least = sorted[depth - 1] ?? Number.NEGATIVE_INFINITY;
        expect(floor).toBe(least - 2 * margin);
        expect([...places].sort((a, b) => a - b)).toEqual(
          all.flatMap((each, place) => (each >= floor ? [place] : [])),
        );
        expect([...scores]).toEqual([...places].map(place => all[place]));
      },
    ),
  );
});

it('forgets what later scores push out, so that a long list takes little room', () => {
  const gathering = gatherCandidates({ depth: 10, margin: 0.001 });
  const chunk = new Float32Array(4096);
  for (let first = 0; first < 4_096_000; first += chunk.length) {
    for (let i = 0; i < chunk.length; i++) chunk[i] = (first + i) / 4_096_000;
    gathering.offer(chunk, first);
  }
  const { places, scores } = gathering.candidates();
  expect(scores.every(each => each >= 1 - 0.003)).toBe(true);
  expect(places.buffer.byteLength).toBeLessThan(60_000);
});
