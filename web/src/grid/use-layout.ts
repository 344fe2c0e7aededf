import { useMemo, useRef } from 'react';
import type { ListingView } from '../listing/use-listing.ts';
import { type Band, bandsOf, type Stack, stack } from './bands.ts';

/** The bands of all sections; those of a section are computed again only when it or the width has changed. */
export function useLayout({ sections, shapes }: ListingView, width: number): Stack {
  const known = useRef(
    new Map<
      string,
      { shape: unknown; count: unknown; width: number; index: number; bands: readonly Band[] }
    >(),
  );
  return useMemo(() => {
    const next: typeof known.current = new Map();
    const all = sections.map((section, index) => {
      const shape = shapes[index]!;
      const before = known.current.get(section.key);
      const same =
        before?.shape === shape &&
        before.width === width &&
        before.index === index &&
        before.count === section.count;
      const bands = same ? before.bands : bandsOf(section, shape, index, width);
      next.set(section.key, { shape, count: section.count, width, index, bands });
      return bands;
    });
    known.current = next;
    return stack(all);
  }, [sections, shapes, width]);
}
