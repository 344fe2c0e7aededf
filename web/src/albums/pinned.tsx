import { absoluteUrl } from '../api/client.ts';
import { type SearchState, searchOfAlbum } from '../state/search-state.ts';
import { SearchIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { useAlbums, useSavedSearches } from './use-albums.ts';

type PinnedProps = { readonly onSearch: (search: SearchState) => void };

/** The albums and searches that the user pinned to the start page. */
export default function Pinned({ onSearch }: PinnedProps) {
  const albums = useAlbums(true).data?.filter(({ pinned }) => pinned) ?? [];
  const searches = useSavedSearches(true).data?.filter(({ pinned }) => pinned) ?? [];
  if (albums.length + searches.length === 0) return null;
  return (
    <ul className="pinned" aria-label={t.pinned}>
      {albums.map(({ category, cover }) => (
        <li key={category}>
          <button type="button" onClick={() => onSearch(searchOfAlbum(category))}>
            {cover && <img src={absoluteUrl(cover.thumbnail_url ?? cover.url)} alt="" />}
            {category}
          </button>
        </li>
      ))}
      {searches.map(({ id, name, query }) => (
        <li key={id}>
          <button
            type="button"
            onClick={async () => onSearch((await import('./kept-query.ts')).searchOfKept(query))}
          >
            <SearchIcon />
            {name}
          </button>
        </li>
      ))}
    </ul>
  );
}
