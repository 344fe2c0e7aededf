/** Where the browser keeps the draft of an image's note; see note-drafts.ts, which is loaded only where one is. */
export const DRAFT_PREFIX = 'semblance.note.';
const listeners = new Set<() => void>();

/** Ids of images whose notes wait to be sent. */
export const draftIds = (): string[] =>
  Object.keys(localStorage).flatMap(key =>
    key.startsWith(DRAFT_PREFIX) ? [key.slice(DRAFT_PREFIX.length)] : [],
  );

export function subscribeDrafts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function draftsChanged(): void {
  for (const listener of listeners) listener();
}
