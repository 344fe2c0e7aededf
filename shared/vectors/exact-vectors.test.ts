import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createExactVectors } from './exact-vectors.ts';

const slot = fc.oneof(
  fc.nat(5),
  fc.nat(5).map(n => 2048 + n),
  fc.nat(5).map(n => 16_384 + n),
);

it('gives what was stored last, while a collection outgrows what is kept whole', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(slot, fc.option(fc.nat(9)), fc.boolean())), steps => {
      const stored = new Map<number, Float32Array>();
      const exact = createExactVectors(2, each => stored.get(each));
      for (const [each, value, keep] of steps) {
        const vector = value === null ? undefined : Float32Array.of(value, 1);
        if (vector) stored.set(each, vector);
        else stored.delete(each);
        exact.put(each, keep ? vector : undefined);
        for (const [any] of steps) expect(exact.of(any)).toEqual(stored.get(any));
      }
    }),
  );
});

it('reads each vector of a small collection once', () => {
  const read: number[] = [];
  const exact = createExactVectors(1, each => {
    read.push(each);
    return Float32Array.of(each);
  });
  for (const each of [7, 16_383, 7, 16_383, 7]) expect(exact.of(each)).toEqual(Float32Array.of(each));
  expect(read).toEqual([7, 16_383]);
});
