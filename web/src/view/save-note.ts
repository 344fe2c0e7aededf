import { api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import { type Draft, draftOf, forgetDraft, keepDraft } from './note-drafts.ts';

export type SavedNote =
  | { readonly state: 'saved'; readonly text: string; readonly version: string }
  /** Another user wrote another note meanwhile. */
  | { readonly state: 'conflict'; readonly theirs: string; readonly version: string };

/** Changes of other annotations in a row, such as a star, over which a note is sent again. */
const TRIES = 4;
/** Texts on their way at the same moment, at most. */
const SENT = 4;

/**
 * Sends a note, unless another user changed the note since it was read; the draft goes when the server has it.
 * @throws ApiError where it could not be sent; the draft stays
 */
export async function saveNote(id: string, draft: Draft): Promise<SavedNote> {
  let { version } = draft;
  keepDraft(id, { ...draft, sent: [...draft.sent, draft.text].slice(-SENT) });
  for (let tries = 1; ; tries++) {
    try {
      const saved = await api.update(id, { comments: draft.text, version });
      return settled(id, draft, saved);
    } catch (error) {
      const current = error instanceof ApiError ? error.current : null;
      if (!current || tries === TRIES) throw error;
      const theirs = current.comments ?? '';
      if (theirs === draft.text) return settled(id, draft, current.version);
      if (theirs !== draft.base && !draft.sent.includes(theirs))
        return { state: 'conflict', theirs, version: current.version };
      version = current.version;
    }
  }
}

function settled(id: string, { text }: Draft, version: string): SavedNote {
  // What was typed while it was on its way waits for its own turn.
  if (draftOf(id)?.text === text) forgetDraft(id);
  return { state: 'saved', text, version };
}
