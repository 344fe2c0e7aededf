/** A seed as the state that hashing begins with. */
export type ShuffleSeed = readonly [number, number];

/** Of the texts 32 bits each, by cyrb53 (public domain, bryc) before its two halves are mixed. */
export function shuffleSeed(seed: string): ShuffleSeed {
  let [one, other] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < seed.length; i++) {
    const code = seed.charCodeAt(i);
    one = Math.imul(one ^ code, 2_654_435_761);
    other = Math.imul(other ^ code, 1_597_334_677);
  }
  return [one, other];
}

/**
 * Where a seed puts an id in its random order, which falls: a 32-bit float in (0, 1) that looks random, from the four
 * words of the id. Equal ones, which a million points have some of, are in the order of their ids.
 */
export function shuffleScore([seed, other]: ShuffleSeed, a: number, b: number, c: number, d: number): number {
  let h = mixed(mixed(mixed(mixed(seed, a), b), c), d);
  h = Math.imul(h ^ other, 2_246_822_507);
  h = Math.imul(h ^ (h >>> 13), 3_266_489_909);
  h ^= h >>> 16;
  return ((h >>> 9) + 0.5) / 2 ** 23;
}

/** Every bit of a word reaches the low ones, which the next product spreads over all (as in MurmurHash3's finalizer). */
function mixed(h: number, word: number): number {
  const product = Math.imul(h ^ word, 2_654_435_761);
  return product ^ (product >>> 15);
}
