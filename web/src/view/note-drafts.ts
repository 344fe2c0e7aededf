import { z } from 'zod/mini';
import { parseJson } from '../state/parse-json.ts';
import { DRAFT_PREFIX, draftsChanged } from './draft-ids.ts';

const draftSchema = z.object({
  /** What was typed. */
  text: z.string(),
  /** The note that the image had when typing began, and the version of its annotations. */
  base: z.string(),
  version: z.string(),
  /** Texts that were sent and perhaps kept, the last few: a server that has one of them has no other's note. */
  sent: z.array(z.string()),
  /** ms since 1970, of the last key stroke. */
  at: z.number(),
});
/** A note that the server does not have yet. */
export type Draft = z.infer<typeof draftSchema>;

/** Kept in the browser until the server has it: no key stroke is lost with the page, the tab or the network. */
export function keepDraft(id: string, draft: Draft): void {
  try {
    localStorage.setItem(DRAFT_PREFIX + id, JSON.stringify(draft));
  } catch {
    // The browser's storage is full; the note is still sent when the writer pauses.
  }
  draftsChanged();
}

export function draftOf(id: string): Draft | null {
  const text = localStorage.getItem(DRAFT_PREFIX + id);
  return text === null ? null : (z.safeParse(draftSchema, parseJson(text)).data ?? null);
}

export function forgetDraft(id: string): void {
  localStorage.removeItem(DRAFT_PREFIX + id);
  draftsChanged();
}
