import { useCallback, useMemo, useRef } from 'react';
import type { Image } from '../api/types.ts';
import type { ListingView } from '../listing/use-listing.ts';
import { currentSelection, setSelection, toggleSelected } from './selection.ts';
import type { TileActions } from './tile.tsx';
import { between } from './use-drag-select.ts';

type Given = {
  readonly view: ListingView;
  readonly open: (id: string) => void;
  readonly moreLike: (id: string) => void;
  /** Absent where images can't be starred. */
  readonly star: ((image: Image) => void) | undefined;
};

/** What a tile can do; the same object for as long as the same can be done, so that no tile is drawn again. */
export function useTileActions({ view, open, moreLike, star }: Given): TileActions {
  const lastSelected = useRef<string | null>(null);
  const latest = useRef(view);
  latest.current = view;
  const select = useCallback((id: string, { shiftKey }: { readonly shiftKey: boolean }) => {
    const { hits: known } = latest.current;
    const from = lastSelected.current;
    if (shiftKey && from !== null && currentSelection().has(from)) {
      const range = between(latest.current, from, id);
      setSelection(
        new Map([...currentSelection(), ...range.map(i => [i, known.get(i)?.img ?? null] as const)]),
      );
    } else toggleSelected(id, known.get(id)?.img ?? null);
    lastSelected.current = id;
  }, []);
  return useMemo(
    () => ({ open, moreLike, select, isSelecting: () => currentSelection().size > 0, star }),
    [open, moreLike, select, star],
  );
}
