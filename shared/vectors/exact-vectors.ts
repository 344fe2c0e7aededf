/**
 * The vectors themselves, read from the file when they are asked for. Those of some thousand points are kept, each
 * at one place only, so that a small collection is wholly in RAM and a large one takes 32 MB at the most.
 */
export interface ExactVectors {
  /** Float32Array[dimension], valid until the next call; undefined where the slot has no vector. */
  of(slot: number): Float32Array | undefined;
  /** Keeps what was just written, or nothing. */
  put(slot: number, vector: Float32Array | undefined): void;
}

const KEPT = 16_384;

export function createExactVectors(
  dimension: number,
  read: (slot: number) => Float32Array | undefined,
): ExactVectors {
  // pages that were never written take no RAM
  const kept = new Float32Array(KEPT * dimension);
  const owners = new Int32Array(KEPT).fill(-1);
  const place = (slot: number): Float32Array => {
    const start = (slot % KEPT) * dimension;
    return kept.subarray(start, start + dimension);
  };
  const put = (slot: number, vector: Float32Array | undefined): void => {
    if (vector) {
      place(slot).set(vector);
      owners[slot % KEPT] = slot;
    } else if (owners[slot % KEPT] === slot) owners[slot % KEPT] = -1;
  };
  return {
    of(slot) {
      if (owners[slot % KEPT] !== slot) {
        const vector = read(slot);
        if (!vector) return undefined;
        put(slot, vector);
      }
      return place(slot);
    },
    put,
  };
}

/** Sum of products in f64, as f32. */
export function dot(a: Float32Array, b: Float32Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  const even = a.length & ~3;
  for (let i = 0; i < even; i += 4) {
    first += a[i]! * b[i]!;
    second += a[i + 1]! * b[i + 1]!;
    third += a[i + 2]! * b[i + 2]!;
    fourth += a[i + 3]! * b[i + 3]!;
  }
  for (let i = even; i < a.length; i++) first += a[i]! * b[i]!;
  return Math.fround(first + second + third + fourth);
}
