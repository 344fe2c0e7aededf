/** Images that one request may name. */
const AT_ONCE = 1000;

/** Sends many ids in several requests, one after another; what became of all of them. */
export async function inBatches<T>(
  ids: readonly string[],
  send: (batch: string[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const outcomes: T[] = [];
  for (let first = 0; first < ids.length; first += AT_ONCE)
    outcomes.push(...(await send(ids.slice(first, first + AT_ONCE))));
  return outcomes;
}
