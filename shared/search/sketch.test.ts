import { describe, expect, it } from 'vitest';
import { unit } from '../vectors/unit.ts';
import { SKETCH_DIMENSION, sketchOf } from './sketch.ts';

const vector = (seed: number, noise = 0, dimension = 512) =>
  unit(
    Float32Array.from(
      { length: dimension },
      (_, i) => Math.sin((seed + 1) * (i + 1) * 12.9898) + noise * Math.sin((i + 1) * 78.233),
    ),
  );
const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return dot / Math.sqrt(aa * bb);
};

describe('a sketch', () => {
  it('keeps near what is near, and far what is far', () => {
    for (let seed = 1; seed < 20; seed++) {
      const [a, near, far] = [vector(seed), vector(seed, 0.3), vector(seed + 40)];
      expect(Math.abs(cosine(sketchOf(a), sketchOf(near)) - cosine(a, near))).toBeLessThan(0.15);
      expect(cosine(sketchOf(a), sketchOf(near))).toBeGreaterThan(cosine(sketchOf(a), sketchOf(far)));
    }
  });

  it('is always the same, small, and uses its bytes', () => {
    const sketch = sketchOf(vector(3));
    expect(sketch).toEqual(sketchOf(vector(3)));
    expect(sketch).toHaveLength(SKETCH_DIMENSION);
    expect(Math.max(...sketch.map(Math.abs))).toBeGreaterThan(40);
  });
});
