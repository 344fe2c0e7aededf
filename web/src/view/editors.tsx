import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { CloseIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';

type CategoriesEditorProps = {
  readonly categories: readonly string[];
  /** Absent where nobody may edit. */
  readonly onChange: ((categories: string[]) => void) | undefined;
};

export function CategoriesEditor({ categories, onChange }: CategoriesEditorProps) {
  const [typed, setTyped] = useState('');
  const add = () => {
    const name = typed.trim();
    setTyped('');
    if (name !== '' && !categories.includes(name)) onChange?.([...categories, name]);
  };
  return (
    <div className="pills">
      {categories.map(name =>
        onChange ? (
          <button
            type="button"
            className="pill pill-on"
            key={name}
            aria-label={t.removeCategory(name)}
            onClick={() => onChange(categories.filter(other => other !== name))}
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
          onBlur={add}
        />
      )}
    </div>
  );
}

type NotesEditorProps = {
  readonly notes: string;
  /** Absent where nobody may edit. Called when the writer pauses, and at the latest when the field goes. */
  readonly onChange: ((notes: string) => void) | undefined;
};

/** ms after the last key stroke. */
const PAUSE = 800;

export function NotesEditor({ notes, onChange }: NotesEditorProps) {
  const [typed, setTyped] = useState(notes);
  const saved = useRef(notes);
  const save = useEffectEvent(() => {
    if (typed === saved.current) return;
    saved.current = typed;
    onChange?.(typed);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: every key stroke begins the pause anew
  useEffect(() => {
    const timer = setTimeout(save, PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  // Whichever way somebody leaves (Escape, Back, reload, closing the tab), what was typed is kept.
  useLayoutEffect(() => {
    addEventListener('pagehide', save);
    return () => {
      removeEventListener('pagehide', save);
      save();
    };
  }, []);

  if (!onChange) return <p className="notes">{notes}</p>;
  return (
    <textarea
      className="notes"
      rows={2}
      value={typed}
      placeholder={t.notesPlaceholder}
      aria-label={t.factComments}
      onChange={event => setTyped(event.target.value)}
      onBlur={save}
    />
  );
}
