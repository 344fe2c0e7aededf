import { useEffect, useState } from 'react';
import { draftIds, subscribeDrafts } from './draft-ids.ts';

/** ms between tries. */
const AGAIN = 10_000;

/**
 * Sends the notes that could not be sent when they were written, also those of an earlier visit; how many wait.
 * One that another user changed meanwhile waits until its image is opened: there both are shown.
 */
export function useUnsentNotes(allowed: boolean): number {
  const [waiting, setWaiting] = useState(0);
  useEffect(() => {
    if (!allowed) return;
    const update = async (send: boolean) => {
      if (draftIds().length === 0) return setWaiting(0);
      // Loaded only where a note waits, which is seldom.
      const { countUnsentNotes, sendUnsentNotes } = await import('./unsent-notes.ts');
      if (send) await sendUnsentNotes();
      setWaiting(countUnsentNotes());
    };
    void update(true);
    const timer = setInterval(() => void update(true), AGAIN);
    const stop = subscribeDrafts(() => void update(false));
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [allowed]);
  return waiting;
}
