/**
 * How a sparse vector lies in RAM: groups of terms of one weight, of each the number of the weight, how many terms,
 * and their numbers. Numbers below 65,536 have two bytes and others four, in groups of their own, so that they are
 * read in loops without a branch for each.
 */

/** @param groups by number of a weight the numbers of its terms */
export function encodeGroups(groups: ReadonlyMap<number, readonly number[]>): Uint8Array {
  const bytes: number[] = [];
  for (const [weight, terms] of groups) {
    for (const width of [2, 4]) {
      const fitting = terms.filter(term => (term < 65_536 ? 2 : 4) === width);
      if (fitting.length === 0) continue;
      bytes.push(...varint(weight), ...varint(2 * fitting.length + (width === 4 ? 1 : 0)));
      for (const term of fitting)
        for (let byte = 0; byte < width; byte++) bytes.push((term >>> (8 * byte)) & 255);
    }
  }
  return Uint8Array.from(bytes);
}

/**
 * Visits the groups between two places.
 * @param visit the number of the weight, where the numbers of the terms begin and end, and the bytes of each
 */
export function eachGroup(
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: (weight: number, from: number, to: number, width: number) => void,
): void {
  for (let at = start; at < end; ) {
    const weight = varintAt(bytes, at);
    at += bytesOf(weight);
    const head = varintAt(bytes, at);
    at += bytesOf(head);
    const width = (head & 1) === 0 ? 2 : 4;
    const to = at + (head >>> 1) * width;
    visit(weight, at, to, width);
    at = to;
  }
}

/** The number at a place, in two bytes or four. */
export function numberAt(bytes: Uint8Array, at: number, width: number): number {
  const low = bytes[at]! | (bytes[at + 1]! << 8);
  return width === 2 ? low : (low | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/** A whole number below 2³¹, seven bits a byte, the lowest first; all but the last have the highest bit (LEB128). */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

function varintAt(bytes: Uint8Array, at: number): number {
  let value = bytes[at]! & 127;
  for (let i = 0; bytes[at + i]! > 127; i++) value |= (bytes[at + i + 1]! & 127) << (7 * (i + 1));
  return value;
}

/** Bytes of a number so written. */
const bytesOf = (value: number): number => (value < 128 ? 1 : 1 + bytesOf(value >>> 7));
