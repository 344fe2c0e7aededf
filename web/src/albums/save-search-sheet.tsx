import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/api.ts';
import { criteriaNames } from '../api/find-images.ts';
import type { SearchState } from '../state/search-state.ts';
import { t } from '../ui/messages.ts';
import { Sheet } from '../ui/modal.tsx';
import { keptQueryOf } from './kept-query.ts';

type SaveSearchProps = { readonly search: SearchState; readonly onClose: () => void };

/** Saves the search under a name, for all users of the library. */
export function SaveSearchSheet({ search, onClose }: SaveSearchProps) {
  const client = useQueryClient();
  const [name, setName] = useState(() => suggestName(search));
  const [pinned, setPinned] = useState(true);
  const save = useMutation({
    mutationFn: () => api.saveSearch({ name: name.trim(), pinned, query: keptQueryOf(search) }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['saved'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Only this sheet is closed, and not one that was opened after it.
    if (name.trim() !== '') save.mutate(undefined, { onSuccess: onClose });
  };
  return (
    <Sheet label={t.saveSearch} onClose={onClose}>
      <form className="token" onSubmit={submit}>
        <label>
          {t.name}
          <input value={name} maxLength={200} onChange={event => setName(event.target.value)} />
        </label>
        <label className="check">
          <input type="checkbox" checked={pinned} onChange={event => setPinned(event.target.checked)} />
          {t.pin}
        </label>
        {save.error && <p className="alarm">{save.error.message}</p>}
        <footer className="sheet-foot">
          <button type="submit" className="main" disabled={save.isPending || name.trim() === ''}>
            {t.save}
          </button>
        </footer>
      </form>
    </Sheet>
  );
}

const suggestName = (search: SearchState): string =>
  search.text.trim() || search.filters.categories.join(', ') || criteriaNames(search).join(', ');
