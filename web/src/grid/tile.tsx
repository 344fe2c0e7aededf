import { type DragEvent, type MouseEvent, memo, useState } from 'react';
import { absoluteUrl } from '../api/client.ts';
import type { Image } from '../api/types.ts';
import { SimilarIcon, StarIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { placeholderUrl } from './placeholder.ts';

export type TileActions = {
  readonly open: (id: string) => void;
  readonly moreLike: (id: string) => void;
  /** Absent where nobody may edit. */
  readonly star: ((image: Image) => void) | undefined;
};

/** The kind of data a dragged tile carries: its id. */
export const DRAGGED_ID = 'application/x-semblance-id';

type TileProps = { readonly image: Image; readonly width: number; readonly actions: TileActions };

export const Tile = memo(function Tile({ image, width, actions }: TileProps) {
  const [state, setState] = useState<'loading' | 'loaded' | 'failed'>('loading');
  const blur = placeholderUrl(image.placeholder);

  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    actions.open(image.id);
  };
  const carryId = (event: DragEvent) => event.dataTransfer.setData(DRAGGED_ID, image.id);

  return (
    <li className="tile" style={{ width }} data-state={state} data-starred={image.starred || undefined}>
      <a
        className="tile-link"
        href={`?view=${image.id}`}
        aria-label={t.openImage(nameOf(image))}
        onClick={open}
        onDragStart={carryId}
        style={blur && state !== 'failed' ? { backgroundImage: `url(${blur})` } : undefined}
      >
        {state === 'failed' ? (
          <span className="tile-failed">{t.notLoaded}</span>
        ) : (
          <img
            {...sourcesOf(image, width)}
            alt=""
            loading="lazy"
            decoding="async"
            onLoad={() => setState('loaded')}
            onError={() => setState('failed')}
          />
        )}
      </a>
      <span className="tile-name" aria-hidden="true">
        {image.name}
      </span>
      {/* For the pointer; with keys the same is in the large view. */}
      <button
        type="button"
        className="tile-action tile-similar"
        tabIndex={-1}
        title={t.moreLikeThis}
        aria-label={t.moreLikeThis}
        onClick={() => actions.moreLike(image.id)}
      >
        <SimilarIcon />
      </button>
      {(actions.star || image.starred) && (
        <button
          type="button"
          className="tile-action tile-star"
          tabIndex={-1}
          disabled={!actions.star}
          title={image.starred ? t.unstar : t.star}
          aria-label={image.starred ? t.unstar : t.star}
          aria-pressed={image.starred}
          onClick={() => actions.star?.(image)}
        >
          <StarIcon />
        </button>
      )}
    </li>
  );
});

/** What an image is called where it has to be called something. */
export const nameOf = (image: Image): string => image.name || image.ocr_text?.slice(0, 80) || t.untitled;

/** Long edges of the made images, px. */
const THUMBNAIL_EDGE = 256;
const PREVIEW_EDGE = 768;

/** The smallest source that is sharp at this width, px, on this screen. */
function sourcesOf(image: Image, width: number) {
  const full = absoluteUrl(image.url);
  const candidates = [
    ...(image.thumbnail_url ? [{ url: image.thumbnail_url, edge: THUMBNAIL_EDGE }] : []),
    ...(image.preview_url ? [{ url: image.preview_url, edge: PREVIEW_EDGE }] : []),
  ].map(({ url, edge }) => `${absoluteUrl(url)} ${widthWithin(image, edge)}w`);
  if (candidates.length === 0) return { src: full };
  return {
    src: absoluteUrl(image.thumbnail_url ?? image.preview_url ?? image.url),
    srcSet: candidates.join(', '),
    sizes: `${width}px`,
  };
}

const widthWithin = (image: Image, edge: number): number =>
  Math.max(1, Math.round(image.width * Math.min(1, edge / Math.max(image.width, image.height))));
