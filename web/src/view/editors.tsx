import { useEffectEvent, useLayoutEffect, useState } from 'react';
import type { Image, ImageChange } from '../api/types.ts';
import { CloseIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { SavedMark, type SaveState } from './saved-mark.tsx';
import { useNote } from './use-note.ts';

type CategoriesEditorProps = {
  readonly categories: readonly string[];
  /** Absent where images can't be edited. */
  readonly onChange: ((change: ImageChange) => Promise<unknown>) | undefined;
};

export function CategoriesEditor({ categories, onChange }: CategoriesEditorProps) {
  const [typed, setTyped] = useState('');
  const [state, setState] = useState<SaveState>('idle');
  const change = async (fields: ImageChange) => {
    setState('saving');
    // The caller undoes a change that was rejected, and the top of the page says so.
    await onChange?.(fields).then(
      () => setState('saved'),
      () => setState('idle'),
    );
  };
  const add = useEffectEvent(() => {
    const name = typed.trim();
    setTyped('');
    if (name !== '' && !categories.includes(name)) void change({ add_categories: [name] });
  });
  // A name that was typed and not ended by Enter is kept, whichever way the user leaves.
  useLayoutEffect(() => {
    addEventListener('pagehide', add);
    return () => {
      removeEventListener('pagehide', add);
      add();
    };
  }, []);
  return (
    <>
      <div className="pills">
        {categories.map(name =>
          onChange ? (
            <button
              type="button"
              className="pill pill-on"
              key={name}
              aria-label={t.removeCategory(name)}
              onClick={() => change({ remove_categories: [name] })}
            >
              {name}
              <CloseIcon />
            </button>
          ) : (
            <span className="pill" key={name}>
              {name}
            </span>
          ),
        )}
        {onChange && (
          <input
            className="pill-input"
            value={typed}
            placeholder={t.addCategory}
            aria-label={t.addCategory}
            // A comma separates categories in the API's lists, so none can hold one.
            onChange={event => setTyped(event.target.value.replaceAll(',', ''))}
            onKeyDown={event => event.key === 'Enter' && add()}
            onBlur={() => add()}
          />
        )}
      </div>
      {onChange && <SavedMark state={state} />}
    </>
  );
}

type NotesEditorProps = {
  readonly image: Pick<Image, 'id' | 'comments' | 'version'>;
  readonly onSaved: (saved: { comments: string; version: string }) => void;
};

/** The note on an image, saved while it is written; where another user wrote another one, both are shown. */
export function NotesEditor({ image, onSaved }: NotesEditorProps) {
  const { id, comments, version } = image;
  const { text, state, type, settle, save } = useNote({ id, comments: comments ?? '', version }, onSaved);
  return (
    <>
      <textarea
        className="notes"
        rows={2}
        value={text}
        placeholder={t.notesPlaceholder}
        aria-label={t.factComments}
        onChange={event => type(event.target.value)}
        onBlur={save}
      />
      {state.name === 'conflict' ? (
        <div className="note-conflict" role="alert">
          <p>{t.noteConflict}</p>
          <blockquote>{state.theirs || t.noteEmpty}</blockquote>
          <button type="button" className="plain" onClick={() => settle(text, state)}>
            {t.keepMine}
          </button>
          <button type="button" className="plain" onClick={() => settle(state.theirs, state)}>
            {t.takeTheirs}
          </button>
        </div>
      ) : (
        <SavedMark state={state.name} />
      )}
    </>
  );
}
