import type { Query, QueryClient } from '@tanstack/react-query';
import { WHOLE } from './listing.ts';

/** px from the top of the page; there a grid is drawn again under the user's eyes. */
const NEAR_TOP = 400;

export const isNearTop = (): boolean => scrollY < NEAR_TOP;

/** What the server says of itself, and files that never change, are no part of this. */
const isOfLibrary = ({ queryKey: [kind] }: Query): boolean => kind !== 'welcome' && kind !== 'rendition';

/**
 * A listing in one piece would begin anew and lose the user's place: unless its beginning is seen, it is requested
 * again when the user comes back there. A month is requested again wherever the user is.
 */
const mayBeDrawnAgain = ({ queryKey: [kind, , section] }: Query): boolean =>
  kind !== 'search' || section !== WHOLE.key || isNearTop();

/** Requests again all that is shown of the library, where anything of it may have changed. Resolves when it is there. */
export async function refreshLibrary(client: QueryClient): Promise<void> {
  await client.invalidateQueries({ refetchType: 'none', predicate: isOfLibrary });
  await requestOutdated(client);
}

/** Requests what is shown and known to be outdated. */
export const requestOutdated = (client: QueryClient): Promise<void> =>
  client.refetchQueries({
    type: 'active',
    predicate: query => query.state.isInvalidated && isOfLibrary(query) && mayBeDrawnAgain(query),
  });
