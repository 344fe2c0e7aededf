import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { absoluteUrl } from '../api/client.ts';
import type { Image } from '../api/types.ts';
import { nameOf } from '../grid/tile.tsx';
import { formatBytes } from '../ui/format.ts';
import { t } from '../ui/messages.ts';

type DuplicatesProps = { readonly onShow: (id: string) => void };

/** Groups of images that look the same, with what tells them apart. */
export default function Duplicates({ onShow }: DuplicatesProps) {
  const query = useInfiniteQuery({
    queryKey: ['duplicates'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => api.allDuplicates(pageParam, signal),
    getNextPageParam: last => last.next ?? undefined,
  });
  const groups = query.data?.pages.flatMap(page => page.groups) ?? [];
  const none = query.isSuccess && groups.length === 0 && !query.hasNextPage;
  return (
    <main className="place">
      <h1>{t.duplicatesTitle}</h1>
      <p className="soft" role="status">
        {query.isPending ? t.searching : none ? t.duplicatesNone : t.duplicatesText}
      </p>
      {query.error && <p className="alarm">{query.error.message}</p>}
      {groups.map(group => (
        <ul className="copies" key={group[0]?.id}>
          {group.map(image => (
            <Copy key={image.id} image={image} onShow={onShow} />
          ))}
        </ul>
      ))}
      {query.hasNextPage && (
        <footer className="sheet-foot">
          <button
            type="button"
            className="main"
            disabled={query.isFetching}
            onClick={() => query.fetchNextPage()}
          >
            {t.duplicatesMore}
          </button>
        </footer>
      )}
    </main>
  );
}

type CopyProps = { readonly image: Image; readonly onShow: DuplicatesProps['onShow'] };

function Copy({ image, onShow }: CopyProps) {
  return (
    <li>
      <button type="button" onClick={() => onShow(image.id)} aria-label={t.openImage(nameOf(image))}>
        <img src={absoluteUrl(image.thumbnail_url ?? image.url)} alt="" loading="lazy" />
        <strong>{nameOf(image)}</strong>
        <span className="soft">
          {image.width} × {image.height} · {formatBytes(image.bytes)}
        </span>
      </button>
    </li>
  );
}
