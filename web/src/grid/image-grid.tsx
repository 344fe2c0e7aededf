import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
} from 'react';
import type { ListingView } from '../listing/use-listing.ts';
import { placeStays } from '../state/scroll-memory.ts';
import { BandView } from './band-view.tsx';
import { type Band, bandOfImage } from './bands.ts';
import { moveAlong } from './move-along.ts';
import type { TileActions } from './tile.tsx';
import { useDragSelect } from './use-drag-select.ts';
import { useLayout } from './use-layout.ts';
import { usePageTop } from './use-page-top.ts';
import { HEAD, useRememberedPlace, useSteadyPlace } from './use-steady-place.ts';
import { useWantedParts } from './use-wanted-parts.ts';
import { useWidth } from './use-width.ts';

const Scrubber = lazy(() => import('./scrubber.tsx'));

/** Bands drawn beyond each end of the window. */
const OVERSCAN = 4;
/** px at the window's foot that a bar covers. */
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
  const { sections, shapes, hits, want } = view;
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
    // A new function for a new layout: by this the virtualizer knows that it has to measure again.
    getItemKey: useCallback((index: number) => keyOf(layout.bands[index]!), [layout]),
    overscan: OVERSCAN,
    scrollMargin: margin,
    scrollPaddingStart: HEAD,
    scrollPaddingEnd: FOOT,
    // The tile that has the focus stays, however far the user scrolls away from it.
    rangeExtractor: range => withFocus(rangeOf(range), focusedBand),
  });
  const items = virtualizer.getVirtualItems();

  useWantedParts(
    items.map(({ index }) => layout.bands[index]!),
    view,
    want,
  );
  useSteadyPlace(view, layout, container, margin);
  useRememberedPlace(view, layout, margin);

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
