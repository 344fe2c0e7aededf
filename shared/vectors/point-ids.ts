import { z } from 'zod';
import type { ImageReader, ImageWriter } from './image-file.ts';
import { bytes, createSeries, int32s, uint32s } from './series.ts';
import { shuffleScore, shuffleSeed } from './shuffle.ts';

/** Which slot has which id: lower-case UUIDs, 16 bytes each, found by their order. */
export interface PointIds {
  /** How many slots have one. */
  readonly size: number;
  /** The slot after the last that ever had one. */
  readonly end: number;
  has(slot: number): boolean;
  /** The id; that of a slot without one is meaningless. */
  at(slot: number): string;
  /** The slot; undefined for an unknown id, and for what is no id. */
  slotOf(id: string): number | undefined;
  /** Into a slot that has none. */
  set(slot: number, id: string): void;
  remove(slot: number): void;
  /** Below 0 where the id of the first slot comes first. */
  compare(one: number, other: number): number;
  /** Where a seed puts the points of these slots in its random order, valid until the next call; see shuffle.ts. */
  shuffleScores(slots: Int32Array, seed: string): Float32Array;
  /** All slots in ascending order of their ids, and the place of the first whose id is not below the text. */
  ascendingFrom(text: string): { readonly slots: Int32Array; readonly start: number };
  save(writer: ImageWriter): void;
  load(reader: ImageReader): void;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

export const isPointId = (id: string): boolean => UUID.test(id);

/** New ids that are found by a map, before they are put in order, which costs 10 ms at a million. */
const MOST_FRESH = 16_384;

export function createPointIds(): PointIds {
  /** Four words a slot. */
  const words = createSeries([uint32s], 0);
  const present = createSeries([bytes], 0);
  let size = 0;
  let end = 0;
  /** Slots in the order of their ids, but for what changed since: ids that came, and slots whose id went. */
  let sorted = int32s(0);
  const fresh = new Map<string, number>();
  const gone = new Set<number>();

  /** The same as an array, which is quicker to ask. */
  let presence = present.all();
  const has = (slot: number): boolean => presence[slot] === 1;
  /** The text of an id, whose hyphens stay where they are. */
  const text = Buffer.from('00000000-0000-0000-0000-000000000000');
  const at = (slot: number): string => {
    for (let i = 0; i < 4; i++) {
      const word = words.at(4 * slot + i);
      for (let digit = 0; digit < 8; digit++)
        text[DIGIT_PLACES[8 * i + digit]!] = HEX_DIGITS[(word >>> (28 - 4 * digit)) & 15]!;
    }
    return text.toString('latin1');
  };
  let shuffled = new Float32Array(0);
  const compare = (one: number, other: number): number => {
    for (let i = 0; i < 4; i++) {
      const difference = words.at(4 * one + i) - words.at(4 * other + i);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  const compareWords = (slot: number, wanted: readonly number[]): number => {
    for (let i = 0; i < 4; i++) {
      const difference = words.at(4 * slot + i) - wanted[i]!;
      if (difference !== 0) return difference;
    }
    return 0;
  };

  const settle = (): Int32Array<ArrayBuffer> => {
    if (fresh.size + gone.size === 0) return sorted;
    const kept = gone.size === 0 ? sorted : sorted.filter(slot => !gone.has(slot));
    const added = sortById(Int32Array.from(fresh.values()));
    const merged = new Int32Array(kept.length + added.length);
    let taken = 0;
    for (const [i, slot] of added.entries()) {
      const place = firstNotBelow(kept, taken, other => compare(other, slot) < 0);
      merged.set(kept.subarray(taken, place), taken + i);
      merged[place + i] = slot;
      taken = place;
    }
    merged.set(kept.subarray(taken), taken + added.length);
    fresh.clear();
    gone.clear();
    sorted = merged;
    return sorted;
  };

  /** In place: by the first word, each a number with its slot below; then those that share it. */
  const sortById = (slots: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
    const keys = new BigUint64Array(slots.length);
    const halves = new Uint32Array(keys.buffer);
    for (const [i, slot] of slots.entries()) {
      halves[2 * i] = slot;
      halves[2 * i + 1] = words.at(4 * slot);
    }
    keys.sort();
    for (let i = 0; i < slots.length; i++) slots[i] = halves[2 * i]!;
    for (let from = 0, to = 1; from < slots.length; from = to++) {
      while (to < slots.length && halves[2 * to + 1] === halves[2 * from + 1]) to++;
      if (to > from + 1) slots.subarray(from, to).sort(compare);
    }
    return slots;
  };

  return {
    get size() {
      return size;
    },
    get end() {
      return end;
    },
    has,
    at,
    slotOf(id) {
      if (!isPointId(id)) return undefined;
      const known = fresh.get(id);
      if (known !== undefined) return known;
      const wanted = idWords(id);
      const slot = sorted[firstNotBelow(sorted, 0, other => compareWords(other, wanted) < 0)];
      return slot !== undefined && has(slot) && compareWords(slot, wanted) === 0 ? slot : undefined;
    },
    set(slot, id) {
      // A slot that is still among the sorted ones is found there by its old words, so those go first.
      if (gone.has(slot) || fresh.size === MOST_FRESH) settle();
      for (const [i, word] of idWords(id).entries()) words.set(4 * slot + i, word);
      present.set(slot, 1);
      presence = present.all();
      fresh.set(id, slot);
      size++;
      end = Math.max(end, slot + 1);
    },
    remove(slot) {
      if (!has(slot)) return;
      const id = at(slot);
      if (fresh.get(id) === slot) fresh.delete(id);
      else gone.add(slot);
      present.set(slot, 0);
      size--;
    },
    compare,
    shuffleScores(slots, seed) {
      const state = shuffleSeed(seed);
      const all = words.all();
      if (shuffled.length < slots.length) shuffled = new Float32Array(slots.length);
      const scores = shuffled.subarray(0, slots.length);
      for (let i = 0; i < slots.length; i++) {
        const at = 4 * slots[i]!;
        scores[i] = shuffleScore(state, all[at]!, all[at + 1]!, all[at + 2]!, all[at + 3]!);
      }
      return scores;
    },
    ascendingFrom(text) {
      const slots = settle();
      return { slots, start: text === '' ? 0 : firstNotBelow(slots, 0, slot => at(slot) < text) };
    },
    save(writer) {
      words.save(writer);
      present.save(writer);
      writer.numbers(settle());
      writer.json(end);
    },
    load(reader) {
      words.load(reader);
      present.load(reader);
      presence = present.all();
      sorted = reader.numbers(int32s);
      size = sorted.length;
      end = z.number().parse(reader.json());
    },
  };
}

/** Index, from `start`, of the first slot in ascending order that is not below. */
function firstNotBelow(slots: Int32Array, start: number, isBelow: (slot: number) => boolean): number {
  let [low, high] = [start, slots.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBelow(slots[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

const HEX_DIGITS = Buffer.from('0123456789abcdef');
/** Where each of the 32 digits stands in the text of an id. */
const DIGIT_PLACES = Uint8Array.from({ length: 32 }, (_, digit) =>
  digit < 8 ? digit : digit < 20 ? digit + Math.floor((digit - 4) / 4) : digit + 4,
);

/** The 128 bits of an id. */
export function idWords(id: string): [number, number, number, number] {
  const hex = id.replaceAll('-', '');
  const word = (start: number): number => Number.parseInt(hex.slice(start, start + 8), 16);
  return [word(0), word(8), word(16), word(24)];
}
