import { useCallback, useMemo, useSyncExternalStore } from 'react';
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
 * The address bar as state: what it says, and how to move on. Back and forward come by themselves. Opening a
 * image leaves `search` the same object.
 */
export function useAddress(): readonly [Address, Go] {
  const query = useSyncExternalStore(subscribe, () => location.search);
  const { search: current, open } = parseAddress(query);
  const key = formatAddress({ search: current, open: null });
  const search = useMemo(() => parseAddress(key).search, [key]);
  const go: Go = useCallback((change, options) => {
    const next = formatAddress({ ...parseAddress(location.search), ...change });
    if (next === location.search) return;
    const url = `${location.pathname}${next}`;
    if (options?.replace) history.replaceState(null, '', url);
    else history.pushState(null, '', url);
    dispatchEvent(new Event(MOVED));
  }, []);
  return [{ search, open }, go];
}
