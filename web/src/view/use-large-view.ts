import { useCallback, useRef } from 'react';
import { parseAddress } from '../state/search-state.ts';
import type { Go } from '../state/use-address.ts';

/**
 * How the large view is opened, walks from image to image, and is closed. Where it was opened on this page, closing it
 * is a step back in the history, which stays short so.
 * @param open the image that is open large
 */
export function useLargeView(open: string | null, go: Go) {
  const openedHere = useRef(false);
  if (open === null) openedHere.current = true;
  const openImage = useCallback((id: string) => go({ open: id }), [go]);
  const showNext = useCallback((id: string) => go({ open: id }, { replace: true }), [go]);
  const close = useCallback(
    () => (openedHere.current ? history.back() : go({ open: null }, { replace: true })),
    [go],
  );
  /** For a response to what was done with an image: the user may have closed it, or gone on to another. */
  const closeIfOpen = (id: string) => {
    if (parseAddress(location.search).open === id) close();
  };
  return { openImage, showNext, close, closeIfOpen };
}
