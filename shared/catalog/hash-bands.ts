/**
 * The four 16-bit bands of a difference hash as `<band>:<4 hex>`: two hashes that differ in at most 3 bits
 * share a band (pigeonhole).
 */
export const differenceHashBands = (hash: string): string[] =>
  [0, 1, 2, 3].map(band => `${band}:${hash.slice(band * 4, band * 4 + 4)}`);
