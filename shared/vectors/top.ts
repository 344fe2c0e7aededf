export type Ranked = { readonly slot: number; readonly score: number };

/** The best of scored slots that come some at a time. */
export interface BestSlots {
  /** NaN never ranks. */
  offer(slots: Int32Array, scores: Float32Array): void;
  /** Best first. */
  list(): Ranked[];
}

/**
 * Keeps the best `limit` in a heap whose root is the worst of them, so that most candidates cost one comparison.
 * @param above leaves out scores that are not above it
 * @param before whether the first of two slots with equal scores comes first
 */
export function createBestSlots(
  limit: number,
  above: number,
  before: (one: number, other: number) => boolean,
): BestSlots {
  const heap: Ranked[] = [];
  const worse = (one: Ranked, other: Ranked): boolean =>
    one.score < other.score || (one.score === other.score && before(other.slot, one.slot));

  const sink = (item: Ranked): void => {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && worse(heap[child + 1]!, heap[child]!)) child++;
      if (!worse(heap[child]!, item)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = item;
  };
  const rise = (item: Ranked): void => {
    let at = heap.length;
    heap.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!worse(item, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = item;
  };

  let least = above;
  return {
    offer(slots, scores) {
      if (limit < 1) return;
      for (let i = 0; i < scores.length; i++) {
        const score = scores[i]!;
        if (!(score >= least)) continue;
        if (heap.length < limit) {
          if (score > above) rise({ slot: slots[i]!, score });
        } else {
          const item = { slot: slots[i]!, score };
          if (worse(heap[0]!, item)) sink(item);
        }
        if (heap.length === limit) least = heap[0]!.score;
      }
    },
    list: () => heap.toSorted((one, other) => (worse(one, other) ? 1 : -1)),
  };
}

/** The best `limit` of the scored slots, best first; see createBestSlots. */
export function top(
  slots: Int32Array,
  scores: Float32Array,
  limit: number,
  above: number,
  before: (one: number, other: number) => boolean,
): Ranked[] {
  const best = createBestSlots(limit, above, before);
  best.offer(slots, scores);
  return best.list();
}

/** The k largest of the values that it is offered. NaN counts for nothing. */
export type Largest = {
  offer(value: number): void;
  /** The smallest of the k, so the k-th largest; −∞ until there are as many. */
  least(): number;
};

export function createLargest(k: number): Largest {
  // This is a heap whose root is the smallest.
  const heap = new Float32Array(k);
  let size = 0;
  const sink = (value: number): void => {
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= value) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = value;
  };
  const rise = (value: number): void => {
    let at = size++;
    for (; at > 0 && heap[(at - 1) >> 1]! > value; at = (at - 1) >> 1) heap[at] = heap[(at - 1) >> 1]!;
    heap[at] = value;
  };
  return {
    offer(value) {
      if (size < k) {
        if (!Number.isNaN(value)) rise(value);
      } else if (value > heap[0]!) sink(value);
    },
    least: () => (size === k && k > 0 ? heap[0]! : Number.NEGATIVE_INFINITY),
  };
}

/** The k-th largest of the values; −∞ where there are fewer. NaN counts for nothing. */
export function kthLargest(values: Float32Array, k: number): number {
  if (values.length < k) return Number.NEGATIVE_INFINITY;
  const largest = createLargest(k);
  for (let i = 0; i < values.length; i++) largest.offer(values[i]!);
  return largest.least();
}
