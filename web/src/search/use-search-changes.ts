import { useCallback } from 'react';
import { likeImage, MAX_REFERENCES, type Reference, type Region, withReference } from '../state/reference.ts';
import { NO_SEARCH, type SearchState } from '../state/search-state.ts';
import type { useAddress } from '../state/use-address.ts';
import { formatBytes } from '../ui/format.ts';
import { t } from '../ui/messages.ts';
import { keepImage, MAX_BYTES, prepareImage } from './search-image.ts';

type Go = ReturnType<typeof useAddress>[1];

/**
 * What leads from one search to another; each is a step in the history of the tab.
 * @param complain shows a sentence where a file can't be searched for; null removes the one before
 */
export function useSearchChanges(search: SearchState, go: Go, complain: (text: string | null) => void) {
  const change = useCallback(
    (fields: Partial<SearchState>, options?: { replace?: boolean }) =>
      go({ place: 'images', search: { ...search, ...fields }, open: null }, options),
    [go, search],
  );

  const byImage = useCallback(
    async (file: File) => {
      complain(null);
      if (file.type !== '' && !file.type.startsWith('image/')) return complain(t.notAnImage(file.name));
      const prepared = await prepareImage(file);
      if (prepared.size > MAX_BYTES) return complain(t.imageTooLarge(file.name, formatBytes(MAX_BYTES)));
      const key = await keepImage(prepared);
      const reference: Reference = { kind: 'file', key, weight: 1, region: null };
      go({
        place: 'images',
        search: { ...NO_SEARCH, filters: search.filters, references: [reference] },
        open: null,
      });
    },
    [go, search.filters, complain],
  );
  const moreLike = useCallback(
    (id: string) =>
      go({
        place: 'images',
        search: { ...NO_SEARCH, filters: search.filters, references: [likeImage(id)] },
        open: null,
      }),
    [go, search.filters],
  );
  const addToSearch = useCallback(
    (id: string, weight = 1) =>
      change({ references: withReference(search.references, likeImage(id, weight)) }),
    [change, search.references],
  );

  /** "More like these" is a search by them alone; "less" takes them out of the search that there is. */
  const likeThese = (ids: readonly string[], weight: 1 | -1) => {
    const before = weight > 0 ? [] : search.references;
    const base = weight > 0 ? { ...NO_SEARCH, filters: search.filters } : search;
    const added = ids.slice(0, MAX_REFERENCES).map(id => likeImage(id, weight));
    go({ place: 'images', search: { ...base, references: added.reduce(withReference, before) }, open: null });
  };
  /** Searches for a part of an image alone. */
  const searchRegion = (id: string, region: Region) =>
    go({
      place: 'images',
      search: { ...NO_SEARCH, filters: search.filters, references: [likeImage(id, 1, region)] },
      open: null,
    });

  return { change, byImage, moreLike, addToSearch, likeThese, searchRegion };
}
