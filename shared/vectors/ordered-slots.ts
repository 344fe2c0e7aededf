import type { Cell } from './cells.ts';
import type { Column } from './column.ts';
import type { PointIds } from './point-ids.ts';
import type { Direction } from './vector-index.ts';

/** What a point is ordered by: a number, null where the field is missing, undefined where no order has it. */
type Value = number | null | undefined;

/** A position between points: where the point with these values and this id stands, or would stand. */
export type Place = { readonly values: readonly (number | null)[]; readonly id: string };

/**
 * The points in the order of some of their fields, kept while points come, change and go. Equal values are in the
 * order of the next field, at last of the ids, ascending in either direction; points without the field come last.
 */
export interface OrderedSlots {
  /**
   * Sorts in steps of some ms, which it takes many of where points are many; between them points may come, change
   * and go. Steps that nobody takes `after` takes at once.
   */
  sort(): Iterable<void>;
  /** The point in this slot has come, changed or gone. */
  touch(slot: number): void;
  /** Slots in order, from the first that stands after the place; undefined: from the start. */
  after(place: Place | undefined): Iterable<number>;
}

type Slots = Int32Array<ArrayBuffer>;

type Source = {
  readonly columns: readonly Column[];
  readonly ids: PointIds;
};

/** Slots that a step looks at. */
const STEP = 50_000;

/** Nothing is sorted before it is first asked for. */
export function createOrderedSlots(
  { columns, ids }: Source,
  direction: Direction,
  step = STEP,
): OrderedSlots {
  let sorted: Slots | undefined;
  let sorting: Generator<void, Slots> | undefined;
  /** Changed since the sorting began, or since the last that was put in its place. */
  const touched = new Set<number>();
  const sign = direction === 'asc' ? 1 : -1;
  const valueAt = (column: number, slot: number): Value => numberOf(columns[column]?.at(slot));
  /** Points without an earlier field are in the order of their ids, whatever this one is. */
  const valueWithin = (column: number, slot: number): number | null => {
    for (let i = 0; i < column; i++) if (valueAt(i, slot) === null) return null;
    return valueAt(column, slot) ?? null;
  };
  const isOrdered = (slot: number): boolean =>
    ids.has(slot) && columns.every((_, i) => valueAt(i, slot) !== undefined);

  /** Below 0 where the slot comes before the values; 0 where its id decides. */
  const compareValues = (slot: number, values: (column: number) => Value): number => {
    for (let i = 0; i < columns.length; i++) {
      const [one, other] = [valueAt(i, slot) ?? null, values(i) ?? null];
      if (one === null && other === null) break;
      if (one === null) return 1;
      if (other === null) return -1;
      if (one !== other) return (one - other) * sign;
    }
    return 0;
  };
  const compareSlots = (one: number, other: number): number =>
    compareValues(one, column => valueAt(column, other)) || ids.compare(one, other);
  const isAfter = (slot: number, { values, id }: Place): boolean => {
    const difference = compareValues(slot, column => values[column]);
    return difference === 0 ? ids.at(slot) > id : difference > 0;
  };

  function* sortAll(): Generator<void, Slots> {
    const all = ids.ascendingFrom('').slots;
    let slots: Slots = new Int32Array(all.length);
    let count = 0;
    for (const [start, end] of stepsOf(all.length, step)) {
      for (let i = start; i < end; i++) if (isOrdered(all[i]!)) slots[count++] = all[i]!;
      yield;
    }
    slots = slots.subarray(0, count);
    // It goes from the last field to the first, since each sort keeps the order of equal values.
    for (let i = columns.length - 1; i >= 0; i--)
      slots = yield* sortByValue(slots, slot => valueWithin(i, slot), direction, step);
    return slots;
  }

  function* sort(): Generator<void, void> {
    while (!sorted) {
      sorting ??= sortAll();
      const { done, value } = sorting.next();
      if (done) sorted = value;
      else yield;
    }
    sorting = undefined;
  }

  const settle = (): Slots => {
    for (const _ of sort());
    const all = sorted ?? new Int32Array(0);
    if (touched.size > 0) {
      const kept = all.filter(slot => !touched.has(slot));
      sorted = merged(kept, Int32Array.from(touched).filter(isOrdered).sort(compareSlots), compareSlots);
      touched.clear();
      return sorted;
    }
    return all;
  };

  return {
    sort,
    touch: slot => void ((sorted || sorting) && touched.add(slot)),
    *after(place) {
      const all = settle();
      const start = place ? firstIndex(0, all.length, i => isAfter(all[i]!, place)) : 0;
      for (let i = start; i < all.length; i++) yield all[i]!;
    },
  };
}

const numberOf = (cell: Cell): Value =>
  cell === undefined || cell === null ? null : typeof cell === 'number' ? cell : undefined;

/** Both lists as one; the second is short, so its places are looked for in the first. */
function merged(one: Slots, other: Slots, compare: (a: number, b: number) => number): Slots {
  const all = new Int32Array(one.length + other.length);
  let copied = 0;
  for (const [i, slot] of other.entries()) {
    const place = firstIndex(copied, one.length, at => compare(one[at]!, slot) > 0);
    all.set(one.subarray(copied, place), copied + i);
    all[place + i] = slot;
    copied = place;
  }
  all.set(one.subarray(copied), copied + other.length);
  return all;
}

/** The first index from `low` on for which the test holds, which then holds for all after it; `high` where none does. */
function firstIndex(low: number, high: number, test: (index: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (test(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

const DIGITS = 65_536;

/** Ranges of so many, up to a length. */
function* stepsOf(length: number, step: number): Generator<readonly [number, number]> {
  for (let start = 0; start < length; start += step) yield [start, Math.min(length, start + step)];
}

/**
 * Least-significant-digit radix sort of 64-bit floats, 16 bits a pass (Knuth, TAOCP vol. 3, §5.2.5): a million slots
 * in 0.4 s of CPU time. Equal values keep their order; null comes last.
 */
function* sortByValue(
  slots: Slots,
  valueIn: (slot: number) => number | null,
  direction: Direction,
  step: number,
): Generator<void, Slots> {
  const { length } = slots;
  const keys = new Float64Array(length);
  const words = new Uint32Array(keys.buffer);
  let from = new Int32Array(length);
  let to = new Int32Array(length);
  for (const [start, end] of stepsOf(length, step)) {
    for (let i = start; i < end; i++) {
      const value = valueIn(slots[i]!);
      // Minus zero becomes zero, which it equals.
      keys[i] = (value ?? 0) + 0;
      sortable(words, 2 * i, value === null, direction);
      from[i] = i;
    }
    yield;
  }
  for (let pass = 0; pass < 4; pass++) {
    const word = pass >> 1;
    const shift = (pass & 1) * 16;
    const starts = new Uint32Array(DIGITS + 1);
    const digit = (i: number): number => (words[2 * i + word]! >>> shift) & (DIGITS - 1);
    for (const [start, end] of stepsOf(length, step)) {
      for (let i = start; i < end; i++) starts[digit(i) + 1]!++;
      yield;
    }
    for (let d = 0; d < DIGITS; d++) starts[d + 1]! += starts[d]!;
    for (const [start, end] of stepsOf(length, step)) {
      for (let i = start; i < end; i++) to[starts[digit(from[i]!)]!++] = from[i]!;
      yield;
    }
    [from, to] = [to, from];
  }
  for (let i = 0; i < length; i++) to[i] = slots[from[i]!]!;
  // This frees the memory at once: as garbage it could stay for minutes.
  for (const { buffer } of [keys, from]) buffer.transfer(0);
  return to;
}

/** Makes of a float's bits, the low word first, an unsigned number of the same order. */
function sortable(words: Uint32Array, low: number, isLast: boolean, direction: Direction): void {
  const isNegative = (words[low + 1]! & 0x8000_0000) !== 0;
  const flip = direction === 'desc' ? 0xffff_ffff : 0;
  words[low] = isLast ? 0xffff_ffff : words[low]! ^ (isNegative ? 0xffff_ffff : 0) ^ flip;
  words[low + 1] = isLast ? 0xffff_ffff : words[low + 1]! ^ (isNegative ? 0xffff_ffff : 0x8000_0000) ^ flip;
}
