import { seeded } from './seeded.ts';

/**
 * How vectors become int8 codes: turned by a fixed random rotation, then each divided by its own scale and rounded.
 * The rotation changes no dot product but spreads every vector evenly over its components, so that one scale fits
 * them all: CLIP's vectors have a few components that are ten times the others, and would leave those with three
 * bits. It depends on nothing but the dimension, so that no calibration is kept and none goes stale.
 * Source of the idea: Suresh et al., Distributed Mean Estimation, ICML 2017; Gao and Long, RaBitQ, SIGMOD 2024.
 */
export interface Coder {
  /** Bytes of a row or a query: the dimension, filled up to a multiple of 64. */
  readonly stride: number;
  /** Writes the codes of a row, 1…127 for −63…63, and returns the scale: component ≈ scale · (code − 64). */
  codeRow(vector: Float32Array, codes: Uint8Array): number;
  /** Writes the codes of a query, −127…127, and returns the scale: component ≈ scale · code. */
  codeQuery(vector: Float32Array, codes: Int8Array): number;
}

const ROW_LIMIT = 63;
const ROW_ZERO = 64;
const QUERY_LIMIT = 127;

/** Standard deviations of an estimate's error that a margin covers: one row in 10⁹ lies outside. */
const DEVIATIONS = 6;

/**
 * How far the estimate of a cosine can be from the exact one. Rounding leaves in each component an error that is
 * even over one step, so of variance step²/12, and neither vector is longer than 1.
 * @param rowScale the largest scale of the rows
 */
export const marginOf = (rowScale: number, queryScale: number): number =>
  DEVIATIONS * Math.sqrt((rowScale ** 2 + queryScale ** 2) / 12) + 1e-5;

export function createCoder(dimension: number): Coder {
  const stride = Math.ceil(dimension / 64) * 64;
  const rotate = createRotation(stride);
  const turned = new Float32Array(stride);

  const code = (vector: Float32Array, codes: Uint8Array | Int8Array, limit: number, zero: number): number => {
    turned.fill(0, dimension).set(vector);
    rotate(turned);
    let largest = 0;
    for (let i = 0; i < stride; i++) largest = Math.max(largest, Math.abs(turned[i]!));
    const factor = largest === 0 ? 0 : limit / largest;
    for (let i = 0; i < stride; i++) codes[i] = Math.round(turned[i]! * factor) + zero;
    return largest / limit;
  };

  return {
    stride,
    codeRow: (vector, codes) => code(vector, codes, ROW_LIMIT, ROW_ZERO),
    codeQuery: (vector, codes) => code(vector, codes, QUERY_LIMIT, 0),
  };
}

/**
 * A rotation of so many components, in place: random signs, a Walsh–Hadamard transform, turns of random angles in
 * the plane of each two components, and a second transform. One transform would leave a vector of few components
 * with few different values, whose rounding errors don't cancel out. A transform takes a power of two; several
 * blocks of one exchange their components in between.
 */
function createRotation(length: number): (vector: Float32Array) => void {
  const block = length & -length;
  const blocks = length / block;
  const dealt = Uint16Array.from({ length }, (_, i) => (i % block) * blocks + Math.floor(i / block));
  const random = seeded(1);
  const signs = Int8Array.from({ length }, () => (random() < 0.5 ? -1 : 1));
  // Each transform makes its result √block times too large.
  const angles = Array.from({ length: length / 2 }, () => 2 * Math.PI * random());
  const cosines = Float32Array.from(angles, angle => Math.cos(angle) / block);
  const sines = Float32Array.from(angles, angle => Math.sin(angle) / block);
  const halfway = new Float32Array(length);
  return vector => {
    for (let i = 0; i < length; i++) halfway[i] = vector[i]! * signs[i]!;
    transform(halfway, block);
    for (let pair = 0; pair < length / 2; pair++) {
      const a = halfway[dealt[2 * pair]!]!;
      const b = halfway[dealt[2 * pair + 1]!]!;
      vector[2 * pair] = a * cosines[pair]! - b * sines[pair]!;
      vector[2 * pair + 1] = a * sines[pair]! + b * cosines[pair]!;
    }
    transform(vector, block);
  };
}

/** The Walsh–Hadamard transform of each block, in place. */
function transform(vector: Float32Array, block: number): void {
  for (let half = 1; half < block; half *= 2) {
    for (let start = 0; start < vector.length; start += 2 * half) {
      for (let i = start; i < start + half; i++) {
        const a = vector[i]!;
        const b = vector[i + half]!;
        vector[i] = a + b;
        vector[i + half] = a - b;
      }
    }
  }
}
