import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  lazy,
  type ReactNode,
  type RefObject,
  Suspense,
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { partsBetween, type Section } from '../listing/shape.ts';
import type { ListingView, PartKey } from '../listing/use-listing.ts';
import { placeStays, recallPlace, rememberPlace, type ScrollPlace } from '../state/scroll-memory.ts';
import { BandView } from './band-view.tsx';
import {
  type Anchor,
  anchorAt,
  type Band,
  bandOfImage,
  bandsOf,
  heightOf,
  type Stack,
  stack,
} from './bands.ts';
import { moveAlong } from './move-along.ts';
import type { TileActions } from './tile.tsx';
import { useDragSelect } from './use-drag-select.ts';
import { topOf, usePageTop } from './use-page-top.ts';
import { useWidth } from './use-width.ts';

const Scrubber = lazy(() => import('./scrubber.tsx'));

/** Bands drawn beyond each end of the window. */
const OVERSCAN = 4;
/** ms between two requests for images that somebody scrolls past. */
const CALM = 90;
/** px at the window's ends that bars cover. */
const HEAD = 72;
const FOOT = 88;

type ImageGridProps = {
  readonly view: ListingView;
  readonly actions: TileActions;
  /** The image that is open large: the grid follows it. */
  readonly open: string | null;
  /** Words for the heading of a run of images. */
  readonly runHeading: (name: string) => ReactNode;
};

/** The images of a listing in rows of equal height; only those near the window are in the page. */
export function ImageGrid({ view, actions, open, runHeading }: ImageGridProps) {
  const { sections, shapes, hits, stale, want } = view;
  const [container, width] = useWidth<HTMLDivElement>();
  const margin = usePageTop(container);
  const layout = useLayout(view, width);
  const [focused, setFocused] = useState<string | null>(null);

  const focusedBand = useMemo(() => {
    if (focused === null) return -1;
    const section = shapes.findIndex(({ ids }) => ids.includes(focused));
    return section === -1 ? -1 : bandOfImage(layout, section, shapes[section]!.ids.indexOf(focused));
  }, [focused, layout, shapes]);

  const virtualizer = useWindowVirtualizer({
    count: layout.bands.length,
    estimateSize: index => layout.bands[index]!.height,
    // A new function for a new layout: this is what tells the virtualizer to measure again.
    getItemKey: useCallback((index: number) => keyOf(layout.bands[index]!), [layout]),
    overscan: OVERSCAN,
    scrollMargin: margin,
    scrollPaddingStart: HEAD,
    scrollPaddingEnd: FOOT,
    // The tile that has the focus stays, however far somebody scrolls away from it.
    rangeExtractor: range => withFocus(rangeOf(range), focusedBand),
  });
  const items = virtualizer.getVirtualItems();

  useWantedParts(
    items.map(({ index }) => layout.bands[index]!),
    view,
    want,
  );
  useSteadyPlace(view, layout, container, margin);
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: told anew for each layout
  useEffect(() => moved(scrollY - margin), [layout, margin]);

  const show = useEffectEvent((id: string) => {
    const section = shapes.findIndex(({ ids }) => ids.includes(id));
    if (section === -1) return;
    const band = bandOfImage(layout, section, shapes[section]!.ids.indexOf(id));
    if (band !== -1) virtualizer.scrollToIndex(band, { align: 'auto' });
  });
  useEffect(() => {
    if (open !== null) show(open);
    placeStays();
  }, [open]);

  const focusTile = (id: string) => {
    const link = () => container.current?.querySelector<HTMLElement>(`[data-id="${id}"] .tile-link`);
    show(id);
    setFocused(id);
    // At once where it is in the page, so that no key is lost; else as soon as its row is drawn.
    if (link()) link()?.focus({ preventScroll: true });
    else requestAnimationFrame(() => link()?.focus({ preventScroll: true }));
  };
  const drag = useDragSelect({ container, layout, margin, view });
  const months = sections.length > 1 && sections[0]?.month != null;
  const firstRow = items.map(({ index }) => layout.bands[index]!).find(band => band.kind === 'row');
  const firstId = firstRow?.kind === 'row' ? shapes[firstRow.section]?.ids[firstRow.start] : undefined;
  const tabStop = focusedBand === -1 ? firstId : focused;

  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only hears the keys and pointers of the tiles inside */}
      <div
        ref={container}
        className="grid"
        data-months={months || undefined}
        style={{ height: layout.offsets.at(-1) }}
        onKeyDown={event => moveAlong(event, { layout, view, actions, focusTile })}
        onFocus={event => setFocused(event.target.closest<HTMLElement>('.tile')?.dataset['id'] ?? null)}
        {...drag}
      >
        {items.map(({ index, key, start }) => {
          const band = layout.bands[index]!;
          const ids = shapes[band.section]?.ids ?? [];
          return (
            <BandView
              key={key}
              band={band}
              top={start - margin}
              ids={ids}
              hits={hits}
              tabStop={
                band.kind === 'row' && tabStop && band.tiles.some(tile => ids[tile.index] === tabStop)
                  ? tabStop
                  : null
              }
              actions={actions}
              runHeading={runHeading}
            />
          );
        })}
      </div>
      {months && (
        <Suspense>
          <Scrubber sections={sections} layout={layout} margin={margin} />
        </Suspense>
      )}
    </>
  );
}

/** The bands of all sections; those of a section are computed anew only when it or the width has changed. */
function useLayout({ sections, shapes }: ListingView, width: number): Stack {
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

/** Tells which parts of the listing are near the window; at most every CALM ms, for who scrolls fast past many. */
function useWantedParts(
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
  const tell = useEffectEvent(() => want([...parts.values()]));
  const last = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names say whether the parts have changed
  useEffect(() => {
    if (stale) return;
    const wait = Math.max(0, last.current + CALM - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      tell();
    }, wait);
    return () => clearTimeout(timer);
  }, [names, stale]);
}

/**
 * Keeps what is seen where it is when images above it become known or the window's width changes, and finds the
 * place of an entry of the history again.
 */
function useSteadyPlace(
  view: ListingView,
  layout: Stack,
  grid: RefObject<HTMLElement | null>,
  margin: number,
): void {
  const { listing, sections, stale } = view;
  const before = useRef<{ key: string; layout: Stack; sections: typeof sections; y: number } | null>(null);
  const placed = useRef<string | null>(null);
  /** The place that was recalled, until somebody scrolls away from where the page was put for it. */
  const recalled = useRef<{ place: ScrollPlace; scrolledTo: number } | null>(null);

  useLayoutEffect(() => {
    if (stale) {
      // Somebody may come back before the images of where they went are here: the place is then recalled, too.
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

const keyOf = (band: Band): string => `${band.section} ${band.kind} ${band.start}`;

const rangeOf = ({
  startIndex,
  endIndex,
  overscan,
  count,
}: {
  startIndex: number;
  endIndex: number;
  overscan: number;
  count: number;
}) => {
  const first = Math.max(0, startIndex - overscan);
  const last = Math.min(count - 1, endIndex + overscan);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
};

function withFocus(indexes: number[], focused: number): number[] {
  if (focused === -1 || indexes.includes(focused)) return indexes;
  return [...indexes, focused].sort((a, b) => a - b);
}
