import type { LibraryEvent } from './follow-events.ts';

type Clock = {
  /** When the page was opened, before it requested anything; ms since 1970, as are those of `now`. */
  readonly openedAt: number;
  readonly now: () => number;
};

/**
 * Tells at the first event of each connection whether the library changed while the page was not listening: between
 * the page's first requests and its first connection, and between two connections.
 */
export function createMissedChanges({ openedAt, now }: Clock): (event: LibraryEvent) => boolean {
  /** Of what happened until then the page knows by its requests and by events. */
  let known = openedAt;
  let images: number | null = null;
  return event => {
    const since = known;
    known = now();
    if (event.type !== 'progress' || event.unchangedFor === undefined) return false;
    const before = images;
    images = event.done;
    return event.unchangedFor === null ? event.done !== before : event.unchangedFor < known - since;
  };
}
