import { useInfiniteQuery } from '@tanstack/react-query';
import { type CSSProperties, useState } from 'react';
import { api } from '../api/api.ts';
import { absoluteUrl } from '../api/client.ts';
import type { Image } from '../api/types.ts';
import { nameOf } from '../grid/tile.tsx';
import { formatMoment } from '../ui/format.ts';
import { Mark } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { SharedView } from './shared-view.tsx';
import './share.css';

/** Images in a response. */
const PAGE = 100;

/** What a link shows to a visitor without a token: one image, or what a search finds. */
export default function SharedPage({ token }: { readonly token: string }) {
  const [open, setOpen] = useState<string | null>(null);
  const pages = useInfiniteQuery({
    queryKey: ['share', token],
    queryFn: ({ pageParam, signal }) => api.openShare(token, pageParam, signal),
    initialPageParam: {},
    getNextPageParam: (last, all): { cursor?: string; skip?: string } | null => {
      if (last.next_cursor !== null) return { cursor: last.next_cursor };
      const ordered = all.some(page => page.next_cursor !== null);
      return last.images.length < PAGE || ordered ? null : { skip: String(all.length * PAGE) };
    },
  });
  const images = pages.data?.pages.flatMap(page => page.images) ?? [];
  const expires = pages.data?.pages[0]?.expires_at;
  const openAt = images.findIndex(({ id }) => id === open);
  const single = images.length === 1 ? images[0] : undefined;
  return (
    <>
      <header className="shared-head">
        <Mark />
        <h1>{single ? nameOf(single) : t.sharedTitle}</h1>
        {expires && <p className="soft">{t.shareUntil(formatMoment(expires))}</p>}
      </header>
      <main>
        {pages.error && (
          <p className="shared-note" role="alert">
            {pages.error.message}
          </p>
        )}
        {pages.isSuccess && images.length === 0 && <p className="shared-note">{t.sharedNone}</p>}
        {pages.isPending && <p className="shared-note">{t.searching}</p>}
        <ul className="shared-grid" data-single={single !== undefined || undefined}>
          {images.map(image => (
            <SharedTile key={image.id} image={image} onOpen={() => setOpen(image.id)} />
          ))}
        </ul>
        {pages.hasNextPage && (
          <p className="shared-note">
            <button
              type="button"
              className="plain"
              disabled={pages.isFetchingNextPage}
              onClick={() => void pages.fetchNextPage()}
            >
              {t.sharedMore}
            </button>
          </p>
        )}
      </main>
      {openAt !== -1 && (
        <SharedView images={images} at={openAt} onShow={setOpen} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

function SharedTile({ image, onOpen }: { readonly image: Image; readonly onOpen: () => void }) {
  const style: CSSProperties & Record<`--${string}`, number> = { '--ratio': image.aspect_ratio };
  return (
    <li style={style}>
      <button type="button" onClick={onOpen} aria-label={t.openImage(nameOf(image))} data-id={image.id}>
        <img src={absoluteUrl(image.preview_url ?? image.thumbnail_url ?? image.url)} alt="" loading="lazy" />
      </button>
    </li>
  );
}
