import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../api/api.ts';
import { refreshLibrary } from '../listing/refresh-library.ts';
import type { LibraryEvent, Progress } from './follow-events.ts';
import { createMissedChanges } from './missed-changes.ts';

/** ms from what happened to the refresh that shows it; what happens meanwhile shows with it. */
const REFRESH = 2500;

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
    let again = false;
    let wasBusy = false;
    const missedChanges = createMissedChanges({ openedAt: performance.timeOrigin, now: Date.now });

    const refreshSoon = () => {
      if (refresh !== 0) {
        again = true;
        return;
      }
      refresh = window.setTimeout(async () => {
        again = false;
        // The next one waits for it: a slow server would never finish what is begun anew at every event.
        await refreshLibrary(client);
        refresh = 0;
        if (again && !stop.signal.aborted) refreshSoon();
      }, REFRESH);
    };
    const onEvent = (event: LibraryEvent) => {
      if (missedChanges(event)) refreshSoon();
      // At the first event of a connection: what paused or went on before it was not heard.
      if (event.type === 'progress' && event.unchangedFor !== undefined)
        void client.invalidateQueries({ queryKey: ['waits-for'] });
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
      setProgress(null);
    };
  }, [allowed, client]);

  return { progress, waitsFor: (allowed && waiting.data) || null };
}
