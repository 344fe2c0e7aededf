import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../api/api.ts';
import type { LibraryEvent, Progress } from './follow-events.ts';
import { createMissedChanges } from './missed-changes.ts';

/** ms between two refreshes of the grid while images are indexed. */
const REFRESH = 2500;
/** px */
const NEAR_TOP = 400;

/** Why indexing waits. */
export type Trouble = { readonly code: string; readonly message: string; readonly advice: string };

/**
 * Follows the progress of indexing; null while idle or unknown. What was indexed, removed or failed shows up
 * in the grid and in the list of failures by itself, also where that happened while the page was not listening.
 * @param allowed false while the admin token is missing
 */
export function useIndexing(allowed: boolean): { progress: Progress | null; waitsFor: Trouble | null } {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress | null>(null);

  // What it waited for before this page began to listen.
  const waiting = useQuery({
    queryKey: ['waits-for'],
    queryFn: async ({ signal }): Promise<Trouble | null> => (await api.serverInfo(signal)).indexing_waits_for,
    enabled: allowed,
  });

  useEffect(() => {
    if (!allowed) return;
    const stop = new AbortController();
    let refresh = 0;
    let wasBusy = false;
    const missedChanges = createMissedChanges({ openedAt: performance.timeOrigin, now: Date.now });

    const refreshSoon = () => {
      if (refresh !== 0) return;
      refresh = window.setTimeout(() => {
        refresh = 0;
        client.invalidateQueries({ queryKey: ['failures'] });
        client.invalidateQueries({ queryKey: ['sections'] });
        // Images stay where they are under the user's eyes; only a grid at its beginning is drawn again.
        if (scrollY < NEAR_TOP) client.invalidateQueries({ queryKey: ['search'] });
      }, REFRESH);
    };
    const onEvent = (event: LibraryEvent) => {
      if (missedChanges(event)) refreshSoon();
      if (event.type === 'paused' || event.type === 'resumed') {
        client.setQueryData(['waits-for'], event.type === 'paused' ? event : null);
        return;
      }
      if (event.type !== 'progress') return refreshSoon();
      const busy = [event, event.pictures, event.words].some(({ done, total }) => done < total);
      setProgress(busy ? event : null);
      if (wasBusy && !busy) refreshSoon();
      wasBusy = busy;
    };
    // Loaded for who may follow it.
    void import('./follow-events.ts').then(({ followEvents }) =>
      followEvents({ onEvent, onSilence: () => setProgress(null) }, stop.signal),
    );
    return () => {
      stop.abort();
      clearTimeout(refresh);
    };
  }, [allowed, client]);

  return { progress, waitsFor: (allowed && waiting.data) || null };
}
