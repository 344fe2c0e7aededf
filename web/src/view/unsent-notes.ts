import { draftIds } from './draft-ids.ts';
import { draftOf } from './note-drafts.ts';
import { saveNote } from './save-note.ts';

/** ms; by then whoever writes a note has sent it, or could not. */
const OLD = 8000;

const oldDrafts = (): string[] => draftIds().filter(id => Date.now() - (draftOf(id)?.at ?? 0) > OLD);

export const countUnsentNotes = (): number => oldDrafts().length;

/** Sends the notes that could not be sent when they were written. */
export async function sendUnsentNotes(): Promise<void> {
  for (const id of oldDrafts()) {
    const draft = draftOf(id);
    // The cause of a failure is shown by the page's other requests.
    if (draft) await saveNote(id, draft).catch(() => null);
  }
}
