import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Page } from '../api/types.ts';
import { followEvents, type LibraryEvent, type Progress } from './follow-events.ts';

/** ms; while thousands are indexed the grid is not asked for anew at each. */
const REFRESH = 2500;

/**
 * Follows the progress of indexing; null while idle or unknown. What was indexed, removed or failed shows up
 * in the grid and in the list of failures by itself.
 * @param allowed false while the admin token is missing
 */
export function useIndexing(allowed: boolean): Progress | null {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress | null>(null);

  useEffect(() => {
    if (!allowed) return;
    const stop = new AbortController();
    let refresh = 0;
    let wasBusy = false;

    const refreshSoon = () => {
      if (refresh !== 0) return;
      refresh = window.setTimeout(() => {
        refresh = 0;
        client.invalidateQueries({ queryKey: ['failures'] });
        // A full page stays as it is under somebody's eyes; only a grid that still has room is filled.
        client.invalidateQueries({ queryKey: ['search'], predicate: ({ state }) => hasRoom(state.data) });
      }, REFRESH);
    };
    const onEvent = (event: LibraryEvent) => {
      if (event.type !== 'progress') return refreshSoon();
      const busy = event.done < event.total;
      setProgress(busy ? event : null);
      // Where nobody has begun to look through the grid it is drawn anew, now from all images.
      if (wasBusy && !busy && scrollY === 0) client.invalidateQueries({ queryKey: ['search'] });
      wasBusy = busy;
    };
    followEvents({ onEvent, onSilence: () => setProgress(null) }, stop.signal);
    return () => {
      stop.abort();
      clearTimeout(refresh);
    };
  }, [allowed, client]);

  return progress;
}

/** Whether the pages of a search, as they are cached, are less than two. */
const hasRoom = (data: unknown): boolean => ((data as { pages?: Page[] })?.pages?.length ?? 0) < 2;
