import { useEffect, useEffectEvent } from 'react';
import { shapesOf } from '../listing/shape-store.ts';
import type { ListingView } from '../listing/use-listing.ts';
import { currentSelection, setSelection } from './selection.ts';

/** Images that can be selected at once: requests to the server name each of them. */
const MOST = 10_000;

/**
 * Ctrl-A selects all images of the listing, also those that were never scrolled to, unless the user is writing or
 * looks at a dialog.
 */
export function useSelectAll(view: ListingView): void {
  const isShown = useEffectEvent((listing: string) => view.listing.key === listing);
  const selectAll = useEffectEvent(async () => {
    const { listing, sections, hits } = view;
    const select = () => {
      const shapes = shapesOf(listing.key);
      const ids = sections.flatMap(({ key }) => shapes.get(key)?.ids ?? []).slice(0, MOST);
      setSelection(new Map(ids.map(id => [id, hits.get(id)?.img ?? null])));
    };
    select();
    const selected = currentSelection();
    await view.learnAll(MOST);
    // Unless the user has moved on to another listing, or selected something else, meanwhile.
    if (isShown(listing.key) && currentSelection() === selected) select();
  });
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'a' || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
      if (event.target instanceof Element && event.target.closest('input, textarea, select, dialog')) return;
      event.preventDefault();
      void selectAll();
    };
    addEventListener('keydown', key);
    return () => removeEventListener('keydown', key);
  }, []);
}
