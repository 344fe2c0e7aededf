import { useQuery } from '@tanstack/react-query';
import { absoluteUrl, api } from '../api/client.ts';
import { nameOf } from '../grid/tile.tsx';
import { t } from '../ui/messages.ts';

const COUNT = 9;

/** The pictures that look most like this one. */
export function SimilarStrip({ id, onShow }: { readonly id: string; readonly onShow: (id: string) => void }) {
  const similar = useQuery({
    queryKey: ['similar', id],
    queryFn: ({ signal }) => api.similar(id, COUNT, signal),
    staleTime: 60_000,
  });
  const hits = similar.data?.result ?? [];
  if (hits.length === 0) return null;
  return (
    <div className="similar">
      <h3>{t.similarPictures}</h3>
      <ul>
        {hits.map(({ img }) => (
          <li key={img.id}>
            <button type="button" onClick={() => onShow(img.id)} aria-label={t.openPicture(nameOf(img))}>
              <img src={absoluteUrl(img.thumbnail_url ?? img.url)} alt="" loading="lazy" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
