import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../api/api.ts';
import { absoluteUrl } from '../api/client.ts';
import { CloseIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { findImage } from './search-image.ts';

type ChipProps = { readonly onRemove: () => void };

/** An image of the library that the search looks for more of. */
export function LikeChip({ id, onRemove }: ChipProps & { readonly id: string }) {
  const image = useQuery({ queryKey: ['image', id], queryFn: ({ signal }) => api.image(id, signal) });
  const url = image.data?.thumbnail_url ?? image.data?.url;
  return <Chip label={t.likeThese} url={url ? absoluteUrl(url) : null} onRemove={onRemove} />;
}

/** An image that was dropped, pasted or chosen. */
export function ImageChip({ imageKey, onRemove }: ChipProps & { readonly imageKey: string }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let objectUrl: string | undefined;
    let gone = false;
    findImage(imageKey).then(image => {
      if (!image || gone) return;
      objectUrl = URL.createObjectURL(image);
      setUrl(objectUrl);
    });
    return () => {
      gone = true;
      if (objectUrl) URL.revokeObjectURL(objectUrl);
    };
  }, [imageKey]);
  return <Chip label={t.theDroppedImage} url={url} onRemove={onRemove} />;
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
