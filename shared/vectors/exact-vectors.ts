/**
 * The vectors themselves, read from the file when they are asked for, in about 5 µs each. A small collection is kept
 * whole, each vector at one place only; of a large one some are, so that the next page of a search reads few again.
 */
export interface ExactVectors {
  /** Float32Array[dimension], valid until the next call; undefined where the slot has no vector. */
  of(slot: number): Float32Array | undefined;
  /** Keeps what was just written, or nothing. */
  put(slot: number, vector: Float32Array | undefined): void;
}

/** Slots of a collection that is kept whole, in 32 MB of vectors of 512, and the vectors kept of a larger one. */
const WHOLE = 16_384;
const SOME = 2048;
/** Vectors whose memory is taken at once, when the first of them is kept. */
const BLOCK = 64;

export function createExactVectors(
  dimension: number,
  read: (slot: number) => Float32Array | undefined,
): ExactVectors {
  let places = WHOLE;
  let blocks: Float32Array[] = [];
  let owners = new Int32Array(places).fill(-1);
  /** Number of the slot's place. */
  const placeOf = (slot: number): number => {
    if (slot >= WHOLE && places > SOME) {
      places = SOME;
      blocks = blocks.slice(0, places / BLOCK);
      owners = owners.slice(0, places);
    }
    return slot % places;
  };
  const at = (place: number): Float32Array => {
    const number = Math.floor(place / BLOCK);
    blocks[number] ??= new Float32Array(BLOCK * dimension);
    const first = (place % BLOCK) * dimension;
    return blocks[number].subarray(first, first + dimension);
  };
  return {
    of(slot) {
      const place = placeOf(slot);
      if (owners[place] !== slot) {
        const vector = read(slot);
        if (!vector) return undefined;
        at(place).set(vector);
        owners[place] = slot;
      }
      return at(place);
    },
    put(slot, vector) {
      const place = placeOf(slot);
      if (vector) {
        at(place).set(vector);
        owners[place] = slot;
      } else if (owners[place] === slot) owners[place] = -1;
    },
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
