import { SemblanceError } from '../errors.ts';
import type { Turn, WorkQueue } from '../queue/work-queue.ts';
import { KEYS_AT_ONCE, type SweepPorts } from './sweep-options.ts';
import type { Counts, PartResult } from './sweep-part.ts';
import type { Gone } from './sweep-run.ts';

/** A sweep that would drop a larger share stops: a drive is unmounted, or a prefix is wrong. */
const LARGEST_DROP = 0.3;
/** So few may always go, as long as anything is left: one of two images is no unmounted drive. */
const SMALL_DROP = 3;

/** @throws folder_emptied where too much would be dropped */
export function assertPlausible({ dropped, objects }: Counts, indexed: number, allowDrop: boolean): void {
  if (allowDrop || dropped <= LARGEST_DROP * indexed) return;
  if (dropped <= SMALL_DROP && objects > 0) return;
  throw new SemblanceError(
    'folder_emptied',
    `${dropped} of ${indexed} indexed images are not there any more; none was dropped`,
  );
}

/** Keys that were found to differ. */
export const foundBy = ({ renamedKeys, keys, wordKeys, againKeys }: PartResult): number =>
  renamedKeys.length + keys.length + wordKeys.length + againKeys.length;

/**
 * Writes the failures of a part down and queues its keys, in the order in which they are to be reconciled.
 * @param gone what is dropped at the same time; null where that comes later
 */
export async function queueFound(
  deps: SweepPorts,
  { failures, renamedKeys, keys, wordKeys, againKeys }: PartResult,
  gone: Gone | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { store, queue } = deps;
  for (const failure of failures) await store.writeFailure(failure);
  if (gone) await removeStrays(deps, gone.strays);
  await send(queue, 'event', renamedKeys, signal);
  if (gone) await send(queue, 'removal', gone.keys, signal);
  await send(queue, 'sweep', keys, signal);
  await send(queue, 'words', wordKeys, signal);
  await send(queue, 'words', againKeys, signal, true);
}

/** Queues what is gone; after all that was found, so that what was renamed is found by its new name first. */
export async function dropGone(
  deps: SweepPorts,
  { keys, strays }: Gone,
  signal: AbortSignal | undefined,
): Promise<void> {
  await removeStrays(deps, strays);
  await send(deps.queue, 'sweep', keys, signal);
}

/** What no key leads to: points that name none or another image's, and thumbnails of nothing. */
async function removeStrays({ index, store }: SweepPorts, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await index.delete(ids);
  for (const id of ids) {
    await store.deleteImages(id);
    await store.deleteFailure(id);
  }
}

async function send(
  queue: WorkQueue,
  turn: Turn,
  keys: readonly string[],
  signal: AbortSignal | undefined,
  again = false,
): Promise<void> {
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
    signal?.throwIfAborted();
    await queue.send(keys.slice(start, start + KEYS_AT_ONCE), { turn, again });
  }
}
