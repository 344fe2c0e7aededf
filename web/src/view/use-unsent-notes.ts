import { useEffect, useState } from 'react';
import { draftIds, draftOf, subscribeDrafts } from './note-drafts.ts';
import { saveNote } from './save-note.ts';

/** ms; by then whoever writes a note has sent it, or could not. */
const OLD = 8000;
/** ms between tries. */
const AGAIN = 10_000;

/**
 * Sends the notes that could not be sent when they were written, also those of an earlier visit; how many wait.
 * One that somebody else changed meanwhile waits until its image is opened: there both are shown.
 */
export function useUnsentNotes(allowed: boolean): number {
  const [waiting, setWaiting] = useState(0);
  useEffect(() => {
    if (!allowed) return;
    const old = () => draftIds().filter(id => Date.now() - (draftOf(id)?.at ?? 0) > OLD);
    const send = async () => {
      for (const id of old()) {
        const draft = draftOf(id);
        // Why it can't be sent is told where the page asks the server for anything else.
        if (draft) await saveNote(id, draft).catch(() => null);
      }
      setWaiting(old().length);
    };
    void send();
    const timer = setInterval(send, AGAIN);
    const stop = subscribeDrafts(() => setWaiting(old().length));
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [allowed]);
  return waiting;
}
