import { useEffect, useEffectEvent, useRef } from 'react';
import { partsBetween } from '../listing/shape.ts';
import type { ListingView, PartKey } from '../listing/use-listing.ts';
import type { Band } from './bands.ts';

/** ms between two requests for images that the user scrolls past. */
const CALM = 90;

/** Tells which parts of the listing are near the window; at most every CALM ms, for who scrolls fast past many. */
export function useWantedParts(
  bands: readonly Band[],
  { sections, shapes, stale }: ListingView,
  want: ListingView['want'],
) {
  const parts = new Map<string, PartKey>();
  for (const band of bands) {
    const section = sections[band.section];
    const shape = shapes[band.section];
    if (!section || !shape) continue;
    const cursors =
      band.kind === 'row'
        ? partsBetween(shape, band.start, band.start + band.tiles.length)
        : band.kind === 'blank'
          ? [shape.next]
          : [];
    for (const cursor of cursors) parts.set(`${section.key} ${cursor}`, { section: section.key, cursor });
  }
  const names = [...parts.keys()].join('\n');
  const wantParts = useEffectEvent(() => want([...parts.values()]));
  const last = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names say whether the parts have changed
  useEffect(() => {
    if (stale) return;
    const wait = Math.max(0, last.current + CALM - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      wantParts();
    }, wait);
    return () => clearTimeout(timer);
  }, [names, stale]);
}
