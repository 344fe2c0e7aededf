/** Draws before all are looked at: more than are needed where one in a hundred matches, and done in less than 1 ms. */
const DRAWS = 4096;

/**
 * So many of the numbers below `end` that match, each as likely as any other, in random order. They are drawn one by
 * one; where few match, or most are wanted, the rest are shuffled among all that have not been drawn (Fisher–Yates).
 */
export function randomSlots(end: number, limit: number, matches: (slot: number) => boolean): number[] {
  const chosen: number[] = [];
  const drawn = new Set<number>();
  for (let draws = Math.min(end, 2 * limit + DRAWS); draws > 0 && chosen.length < limit; draws--) {
    const slot = Math.floor(Math.random() * end);
    if (drawn.has(slot)) continue;
    drawn.add(slot);
    if (matches(slot)) chosen.push(slot);
  }
  if (chosen.length === limit) return chosen;
  const rest: number[] = [];
  for (let slot = 0; slot < end; slot++) if (!drawn.has(slot) && matches(slot)) rest.push(slot);
  for (let i = 0; i < rest.length && chosen.length < limit; i++) {
    const other = i + Math.floor(Math.random() * (rest.length - i));
    chosen.push(rest[other]!);
    rest[other] = rest[i]!;
  }
  return chosen;
}
