import { CheckIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';

export type SaveState = 'idle' | 'unsaved' | 'saving' | 'saved' | 'waiting';

const TEXTS: Readonly<Record<SaveState, string>> = {
  idle: '',
  unsaved: t.saving,
  saving: t.saving,
  saved: t.saved,
  waiting: t.savedLater,
};

/** Tells whether what was written is kept by the server. */
export function SavedMark({ state }: { readonly state: SaveState }) {
  return (
    <p className="saved" role="status" data-state={state}>
      {state === 'saved' && <CheckIcon />}
      {TEXTS[state]}
    </p>
  );
}
