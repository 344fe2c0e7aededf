import { useState } from 'react';
import { absoluteUrl } from '../api/client.ts';
import type { Album, SavedSearch } from '../api/types.ts';
import { type SearchState, searchOfAlbum } from '../state/search-state.ts';
import { AlbumIcon, PinIcon, SearchIcon, TrashIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { searchOfKept } from './kept-query.ts';
import { useAlbumChanges, useAlbums, useSavedSearches } from './use-albums.ts';

type AlbumsProps = { readonly admin: boolean; readonly onSearch: (search: SearchState) => void };

/** The albums, and the searches that were kept by name. */
export default function AlbumsPlace({ admin, onSearch }: AlbumsProps) {
  const albums = useAlbums(true);
  const saved = useSavedSearches(true);
  const { changeAlbum, changeSearch, forgetSearch } = useAlbumChanges();
  const error = albums.error ?? saved.error ?? changeAlbum.error ?? changeSearch.error ?? forgetSearch.error;
  const searches = saved.data ?? [];
  return (
    <main className="place">
      <header className="place-head">
        <h1>{t.placeAlbums}</h1>
      </header>
      {error && <p className="alarm">{error.message}</p>}
      {albums.data?.length === 0 && <p className="soft place-note">{t.albumsNone}</p>}
      <ul className="albums">
        {albums.data?.map(album => (
          <AlbumCard
            key={album.category}
            album={album}
            onOpen={() => onSearch(searchOfAlbum(album.category))}
            onPin={admin ? pinned => changeAlbum.mutate({ category: album.category, pinned }) : undefined}
          />
        ))}
      </ul>
      <h2 className="place-part">{t.savedSearches}</h2>
      {searches.length === 0 && saved.isSuccess && <p className="soft">{t.savedNone}</p>}
      <ul className="saved">
        {searches.map(search => (
          <SavedCard
            key={search.id}
            search={search}
            onOpen={() => onSearch(searchOfKept(search.query))}
            onPin={admin ? pinned => changeSearch.mutate({ id: search.id, pinned }) : undefined}
            onRename={admin ? name => changeSearch.mutate({ id: search.id, name }) : undefined}
            onForget={admin ? () => forgetSearch.mutate(search.id) : undefined}
          />
        ))}
      </ul>
    </main>
  );
}

type AlbumCardProps = {
  readonly album: Album;
  readonly onOpen: () => void;
  readonly onPin: ((pinned: boolean) => void) | undefined;
};

function AlbumCard({ album, onOpen, onPin }: AlbumCardProps) {
  const { category, count, cover, pinned } = album;
  const url = cover && (cover.preview_url ?? cover.thumbnail_url ?? cover.url);
  return (
    <li className="album">
      <button type="button" className="album-open" onClick={onOpen}>
        {url ? <img src={absoluteUrl(url)} alt="" loading="lazy" /> : <AlbumIcon />}
        <strong>{category}</strong>
        <span className="soft">{t.imageCount(count)}</span>
      </button>
      <Pin name={category} pinned={pinned} onPin={onPin} />
    </li>
  );
}

type SavedCardProps = {
  readonly search: SavedSearch;
  readonly onOpen: () => void;
  readonly onPin: ((pinned: boolean) => void) | undefined;
  readonly onRename: ((name: string) => void) | undefined;
  readonly onForget: (() => void) | undefined;
};

function SavedCard({ search, onOpen, onPin, onRename, onForget }: SavedCardProps) {
  const [name, setName] = useState<string | null>(null);
  const rename = () => {
    const chosen = name?.trim() ?? '';
    setName(null);
    if (chosen !== '' && chosen !== search.name) onRename?.(chosen);
  };
  return (
    <li className="saved-card">
      <SearchIcon />
      {name === null ? (
        <button type="button" className="saved-open" onClick={onOpen}>
          {search.name}
        </button>
      ) : (
        <input
          className="pill-input"
          value={name}
          // biome-ignore lint/a11y/noAutofocus: the user asked to rename it
          autoFocus
          aria-label={t.name}
          onChange={event => setName(event.target.value)}
          onBlur={rename}
          onKeyDown={event => {
            if (event.key === 'Enter') rename();
            if (event.key === 'Escape') setName(null);
          }}
        />
      )}
      {onRename && name === null && (
        <button
          type="button"
          className="quiet"
          onClick={() => setName(search.name)}
          aria-label={`${t.rename}: ${search.name}`}
        >
          {t.rename}
        </button>
      )}
      <Pin name={search.name} pinned={search.pinned} onPin={onPin} />
      {onForget && (
        <button
          type="button"
          className="round"
          onClick={onForget}
          aria-label={`${t.forgetSearch}: ${search.name}`}
          title={t.forgetSearch}
        >
          <TrashIcon />
        </button>
      )}
    </li>
  );
}

type PinProps = {
  readonly name: string;
  readonly pinned: boolean;
  readonly onPin: ((pinned: boolean) => void) | undefined;
};

function Pin({ name, pinned, onPin }: PinProps) {
  if (!onPin) return null;
  return (
    <button
      type="button"
      className="round pin"
      aria-pressed={pinned}
      aria-label={`${t.pin}: ${name}`}
      title={t.pin}
      onClick={() => onPin(!pinned)}
    >
      <PinIcon />
    </button>
  );
}
