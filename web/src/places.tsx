import type { Place } from './state/search-state.ts';
import { AlbumIcon, CopiesIcon, ImageIcon, MapIcon } from './ui/icons.tsx';
import { t } from './ui/messages.ts';

const ENTRIES = [
  { place: 'images', name: t.placeImages, Icon: ImageIcon, MapIcon },
  { place: 'albums', name: t.placeAlbums, Icon: AlbumIcon },
  { place: 'map', name: t.placeMap, Icon: MapIcon },
  { place: 'duplicates', name: t.placeDuplicates, Icon: CopiesIcon },
] as const;

type PlacesProps = { readonly place: Place; readonly onGo: (place: Place) => void };

/** The parts of the page: in its head, or along its foot on a phone. */
export function Places({ place, onGo }: PlacesProps) {
  return (
    <nav className="places" aria-label={t.places}>
      {ENTRIES.map(({ place: target, name, Icon }) => (
        <a
          key={target}
          href={target === 'images' ? './' : `?place=${target}`}
          aria-current={place === target ? 'page' : undefined}
          onClick={event => {
            if (event.ctrlKey || event.metaKey) return;
            event.preventDefault();
            onGo(target);
          }}
        >
          <Icon />
          <span>{name}</span>
        </a>
      ))}
    </nav>
  );
}
