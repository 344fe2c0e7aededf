import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../api/api.ts';
import { absoluteUrl } from '../api/client.ts';
import { CloseIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { findPicture } from './search-picture.ts';

type ChipProps = { readonly onRemove: () => void };

/** A picture of the library that the search looks for more of. */
export function LikeChip({ id, onRemove }: ChipProps & { readonly id: string }) {
  const image = useQuery({ queryKey: ['image', id], queryFn: ({ signal }) => api.image(id, signal) });
  const url = image.data?.thumbnail_url ?? image.data?.url;
  return <Chip label={t.likeThese} url={url ? absoluteUrl(url) : null} onRemove={onRemove} />;
}

/** A picture that was dropped, pasted or chosen. */
export function PictureChip({ pictureKey, onRemove }: ChipProps & { readonly pictureKey: string }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let objectUrl: string | undefined;
    let gone = false;
    findPicture(pictureKey).then(picture => {
      if (!picture || gone) return;
      objectUrl = URL.createObjectURL(picture);
      setUrl(objectUrl);
    });
    return () => {
      gone = true;
      if (objectUrl) URL.revokeObjectURL(objectUrl);
    };
  }, [pictureKey]);
  return <Chip label={t.theDroppedPicture} url={url} onRemove={onRemove} />;
}

function Chip({ label, url, onRemove }: ChipProps & { readonly label: string; readonly url: string | null }) {
  return (
    <span className="reference">
      {url ? <img src={url} alt="" /> : <span className="reference-blank" />}
      <span className="reference-label">{label}</span>
      <button type="button" onClick={onRemove} aria-label={t.removeFromSearch} title={t.removeFromSearch}>
        <CloseIcon />
      </button>
    </span>
  );
}
