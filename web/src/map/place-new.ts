/** Nearest images that a new one is put among. */
const AMONG = 4;

/** A fixed sequence of numbers from 0 to 1: mulberry32 (public domain, Tommy Ettinger). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Puts new images among those that look most like them; all others stay where they were, so that a map looks the
 * same at every visit.
 * @param codes sketches, `dimension` bytes each
 * @param known x and y of each image in turns, NaN for new ones
 */
export function placeNew(codes: Int8Array, dimension: number, known: Float32Array): Float32Array {
  const positions = Float32Array.from(known);
  const count = known.length / 2;
  const placed = Array.from({ length: count }, (_, i) => i).filter(i => !Number.isNaN(known[2 * i]!));
  const random = randomFrom(1);
  for (let i = 0; i < count; i++) {
    if (!Number.isNaN(known[2 * i]!)) continue;
    const nearest = placed
      .map(other => ({ other, similarity: dot(codes, dimension, i, other) }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, AMONG);
    const mean = (axis: 0 | 1) =>
      nearest.reduce((sum, { other }) => sum + known[2 * other + axis]!, 0) / Math.max(1, nearest.length);
    positions[2 * i] = mean(0) + (random() - 0.5) * 0.2;
    positions[2 * i + 1] = mean(1) + (random() - 0.5) * 0.2;
  }
  return positions;
}

function dot(codes: Int8Array, dimension: number, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < dimension; i++) sum += codes[a * dimension + i]! * codes[b * dimension + i]!;
  return sum;
}
