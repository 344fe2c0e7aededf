import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { nextEntry } from './scroll-memory.ts';
import { type Address, formatAddress, parseAddress } from './search-state.ts';

const MOVED = 'semblance:moved';

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  addEventListener(MOVED, listener);
  return () => {
    removeEventListener('popstate', listener);
    removeEventListener(MOVED, listener);
  };
}

export type Go = (change: Partial<Address>, options?: { replace?: boolean }) => void;

/**
 * The address bar as state: what it says, and how to move on. Back and forward come by themselves. Opening an
 * image leaves `search` the same object. A new search starts at the top of the page; where the user was in an
 * older one is for the grid to find again.
 */
export function useAddress(): readonly [Address, Go] {
  const query = useSyncExternalStore(subscribe, () => location.search);
  const { place, search: current, open } = parseAddress(query);
  const key = formatAddress({ place: 'images', search: current, open: null });
  const search = useMemo(() => parseAddress(key).search, [key]);
  const go: Go = useCallback((change, options) => {
    const before = parseAddress(location.search);
    const after = { ...before, ...change };
    const next = formatAddress(after);
    if (next === location.search) return;
    const url = `${location.pathname}${next}`;
    if (options?.replace) history.replaceState(history.state, '', url);
    else history.pushState(nextEntry(), '', url);
    if (listed(before) !== listed(after)) scrollTo({ top: 0, behavior: 'instant' });
    dispatchEvent(new Event(MOVED));
  }, []);
  return [useMemo(() => ({ place, search, open }), [place, search, open]), go];
}

/** What the page lists, whatever is open over it. */
const listed = (address: Address): string => formatAddress({ ...address, open: null });
