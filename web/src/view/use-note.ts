import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { draftOf, keepDraft } from './note-drafts.ts';
import { type SavedNote, saveNote } from './save-note.ts';

/** ms after the last key stroke. */
const PAUSE = 800;

export type NoteState =
  | { readonly name: 'idle' | 'unsaved' | 'saving' | 'saved' | 'waiting' }
  | { readonly name: 'conflict'; readonly theirs: string; readonly version: string };

type Note = { readonly id: string; readonly comments: string; readonly version: string };

/**
 * A note that is saved while it is written: at every pause, and whichever way the user leaves (Escape, Back, reload,
 * closing the tab).
 * @param onSaved what the server has now
 */
export function useNote(
  { id, comments, version }: Note,
  onSaved: (saved: { comments: string; version: string }) => void,
) {
  const [begun] = useState(() => draftOf(id));
  const sent = () => draftOf(id)?.sent ?? [];
  const [text, setText] = useState(begun?.text ?? comments);
  const [state, setState] = useState<NoteState>({ name: begun ? 'unsaved' : 'idle' });
  const base = useRef(begun ?? { base: comments, version });
  const sending = useRef<string | null>(null);
  const [read, setRead] = useState(comments);
  if (read !== comments) {
    setRead(comments);
    // Another user's note is shown at once where nothing was written here.
    if (state.name === 'idle' || state.name === 'saved') setText(comments);
  }

  const save = useEffectEvent(async () => {
    const draft = draftOf(id);
    if (!draft || sending.current === draft.text || state.name === 'conflict') return;
    sending.current = draft.text;
    setState({ name: 'saving' });
    try {
      // A category or star that was given while this was written made another version of the same note.
      took(await saveNote(id, draft.base === comments ? { ...draft, version } : draft));
    } catch {
      // It is kept and sent again; the page says that it waits.
      setState({ name: 'waiting' });
    } finally {
      sending.current = null;
    }
  });
  const took = (saved: SavedNote) => {
    if (saved.state === 'conflict')
      return setState({ name: 'conflict', theirs: saved.theirs, version: saved.version });
    base.current = { base: saved.text, version: saved.version };
    const later = draftOf(id);
    if (later) keepDraft(id, { ...later, ...base.current });
    setState({ name: later ? 'unsaved' : 'saved' });
    onSaved({ comments: saved.text, version: saved.version });
  };
  const type = (typed: string) => {
    if (!draftOf(id) && text === comments) base.current = { base: comments, version };
    setText(typed);
    const { base: read, version: of } = base.current;
    keepDraft(id, { text: typed, base: read, version: of, sent: sent(), at: Date.now() });
    if (state.name !== 'conflict') setState({ name: 'unsaved' });
  };
  /** Ends a conflict with what was written here, or with what the other wrote. */
  const settle = (kept: string, over: { theirs: string; version: string }) => {
    base.current = { base: over.theirs, version: over.version };
    setText(kept);
    keepDraft(id, { text: kept, base: over.theirs, version: over.version, sent: [], at: Date.now() });
    setState({ name: 'unsaved' });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: every key stroke begins the pause again
  useEffect(() => {
    if (state.name !== 'unsaved') return;
    const timer = setTimeout(save, PAUSE);
    return () => clearTimeout(timer);
  }, [text, state.name]);
  useLayoutEffect(() => {
    addEventListener('pagehide', save);
    return () => {
      removeEventListener('pagehide', save);
      save();
    };
  }, []);

  return { text, state, type, settle, save: () => save() };
}
