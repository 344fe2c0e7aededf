import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { absoluteUrl } from '../api/client.ts';
import type { Image } from '../api/types.ts';
import { nameOf } from '../grid/tile.tsx';
import { t } from '../ui/messages.ts';

const COUNT = 9;

type StripProps = { readonly id: string; readonly onShow: (id: string) => void };

/** Copies of this image (resized, recompressed), then the images that look most like it. */
export function SimilarStrip({ id, onShow }: StripProps) {
  const copies = useQuery({
    queryKey: ['copies', id],
    queryFn: ({ signal }) => api.duplicates(id, signal),
    staleTime: 60_000,
  });
  const similar = useQuery({
    queryKey: ['similar', id],
    queryFn: ({ signal }) => api.similar(id, COUNT, signal),
    staleTime: 60_000,
  });
  const same = copies.data ?? [];
  const like = similar.data ?? [];
  return (
    <>
      <Strip title={t.sameTitle} images={same} onShow={onShow} />
      <Strip
        title={t.similarImages}
        images={like.filter(img => !same.some(copy => copy.id === img.id))}
        onShow={onShow}
      />
    </>
  );
}

type ImagesProps = {
  readonly title: string;
  readonly images: readonly Image[];
  readonly onShow: (id: string) => void;
};

function Strip({ title, images, onShow }: ImagesProps) {
  if (images.length === 0) return null;
  return (
    <div className="similar">
      <h3>{title}</h3>
      <ul>
        {images.map(img => (
          <li key={img.id}>
            <button type="button" onClick={() => onShow(img.id)} aria-label={t.openImage(nameOf(img))}>
              <img src={absoluteUrl(img.thumbnail_url ?? img.url)} alt="" loading="lazy" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
