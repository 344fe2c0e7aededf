import { useSyncExternalStore } from 'react';

/** The width up to which the page is laid out for a phone; the style sheets have the same. */
const query = matchMedia('(max-width: 760px)');

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => query.matches);
