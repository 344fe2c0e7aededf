import { type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react';
import type { Section } from '../listing/shape.ts';
import type { ListingView } from '../listing/use-listing.ts';
import { recallPlace, rememberPlace, type ScrollPlace } from '../state/scroll-memory.ts';
import { type Anchor, anchorAt, heightOf, type Stack } from './bands.ts';
import { topOf } from './use-page-top.ts';

/** px at the window's head that a bar covers. */
export const HEAD = 72;

/**
 * Keeps what is seen where it is when images above it become known or the window's width changes, and finds the
 * place of an entry of the history again.
 */
export function useSteadyPlace(
  view: ListingView,
  layout: Stack,
  grid: RefObject<HTMLElement | null>,
  margin: number,
): void {
  const { listing, sections, stale } = view;
  const before = useRef<{ key: string; layout: Stack; sections: typeof sections; y: number } | null>(null);
  const placed = useRef<string | null>(null);
  /** The place that was recalled, until the user scrolls away from where the page was put for it. */
  const recalled = useRef<{ place: ScrollPlace; scrolledTo: number } | null>(null);

  useLayoutEffect(() => {
    if (stale) {
      // The user may come back before the images of where they went are here: the place is then recalled, too.
      placed.current = null;
      return;
    }
    if (layout.bands.length === 0) return;
    // As it is now, and not as it was before this change: what is above the grid may have changed with it.
    const top = topOf(grid.current);
    const old = before.current;
    const now = { key: listing.key, layout, sections, y: scrollY - top };
    before.current = now;
    const goTo = (y: number) => {
      scrollTo({ top: y + top, behavior: 'instant' });
      // The next layout may come before the scroll event does.
      now.y = scrollY - top;
    };
    if (placed.current !== listing.key) {
      placed.current = listing.key;
      const place = recallPlace();
      recalled.current = place && { place, scrolledTo: scrollY };
    }
    // The layout may change often until all of it is known; the recalled place holds through all of that.
    if (recalled.current) {
      const { place } = recalled.current;
      const y = 'top' in place ? place.top - top : placeOf(layout, sections, place);
      if (y !== null && Math.abs(y - now.y) >= 1) goTo(y);
      recalled.current.scrolledTo = scrollY;
      return;
    }
    if (!old || old.layout === layout || old.key !== listing.key || old.y <= 0) return;
    const anchor = anchorAt(old.layout, old.sections, old.y + HEAD);
    const y = anchor && placeOf(layout, sections, anchor);
    if (y !== null && Math.abs(y - old.y) >= 1) goTo(y);
  }, [listing.key, stale, layout, sections, grid]);

  useEffect(() => {
    const scrolled = () => {
      if (before.current) before.current.y = scrollY - margin;
      if (recalled.current && Math.abs(scrollY - recalled.current.scrolledTo) > 1) recalled.current = null;
    };
    addEventListener('scroll', scrolled, { passive: true });
    return () => removeEventListener('scroll', scrolled);
  }, [margin]);
}

/** Where the window has to begin so that what an anchor names stands below the bar at its head. */
function placeOf(layout: Stack, sections: readonly Section[], anchor: Anchor): number | null {
  const y = heightOf(layout, sections, anchor);
  return y === null ? null : y - HEAD;
}

/** Tells the history's entry where the window stands, at every scroll and for each layout. */
export function useRememberedPlace({ sections, stale }: ListingView, layout: Stack, margin: number): void {
  const moved = useEffectEvent((y: number) => {
    if (stale) return;
    const anchor = anchorAt(layout, sections, y + HEAD);
    rememberPlace(y <= 0 || !anchor ? { top: scrollY } : anchor);
  });
  useEffect(() => {
    const scrolled = () => moved(scrollY - margin);
    addEventListener('scroll', scrolled, { passive: true });
    return () => removeEventListener('scroll', scrolled);
  }, [margin]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: called again for each layout
  useEffect(() => moved(scrollY - margin), [layout, margin]);
}
