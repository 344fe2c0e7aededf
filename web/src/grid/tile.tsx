import { type CSSProperties, type DragEvent, type MouseEvent, memo, useState } from 'react';
import { absoluteUrl } from '../api/client.ts';
import type { Image } from '../api/types.ts';
import { CheckIcon, SimilarIcon, StarIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { whenDecoded } from '../ui/when-decoded.ts';
import { mayBeTransparent, placeholderUrl } from './placeholder.ts';
import { useIsSelected } from './selection.ts';

export type TileActions = {
  readonly open: (id: string) => void;
  readonly moreLike: (id: string) => void;
  /** A press on the tile's check, or on a tile while others are selected; with Shift from the last one on. */
  readonly select: (id: string, event: { readonly shiftKey: boolean }) => void;
  readonly isSelecting: () => boolean;
  /** Absent where images can't be edited. */
  readonly star: ((image: Image) => void) | undefined;
};

/** The kind of data a dragged tile carries: its id. */
export const DRAGGED_ID = 'application/x-semblance-id';

type TileProps = {
  readonly id: string;
  /** Undefined while it is fetched. */
  readonly image: Image | undefined;
  /** px */
  readonly width: number;
  /** Whether Tab stops here; the arrow keys go from there. */
  readonly tabStop: boolean;
  readonly actions: TileActions;
};

export const Tile = memo(function Tile({ id, image, width, tabStop, actions }: TileProps) {
  const [state, setState] = useState<'loading' | 'loaded' | 'failed'>('loading');
  const [near, setNear] = useState(false);
  const selected = useIsSelected(id);
  // Also while there is no image: the pointer that it appears under does not enter again.
  const nearness = {
    onPointerEnter: () => setNear(true),
    onPointerLeave: () => setNear(false),
    onFocus: () => setNear(true),
    onBlur: () => setNear(false),
  };
  if (!image) return <li className="tile skeleton" style={{ width }} data-id={id} {...nearness} />;

  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || actions.isSelecting()) {
      event.preventDefault();
      actions.select(id, event);
      return;
    }
    event.preventDefault();
    actions.open(id);
  };
  const carryId = (event: DragEvent) => {
    if (actions.isSelecting()) event.preventDefault();
    else event.dataTransfer.setData(DRAGGED_ID, id);
  };
  const name = nameOf(image);

  return (
    <li
      className="tile"
      style={{ width }}
      data-id={id}
      data-state={state}
      data-starred={image.starred || undefined}
      data-selected={selected || undefined}
      data-transparent={mayBeTransparent(image.format) || undefined}
      {...nearness}
    >
      <a
        className="tile-link"
        href={`?view=${id}`}
        aria-label={t.openImage(name)}
        tabIndex={tabStop ? 0 : -1}
        onClick={open}
        onDragStart={carryId}
        style={state === 'loading' ? blurOf(image) : undefined}
      >
        {state === 'failed' ? (
          <span className="tile-failed">{t.notLoaded}</span>
        ) : (
          <img
            {...sourcesOf(image, width)}
            alt=""
            decoding="async"
            onLoad={event => whenDecoded(event.currentTarget).then(() => setState('loaded'))}
            onError={() => setState('failed')}
          />
        )}
      </a>
      <span className="tile-name" aria-hidden="true">
        {image.name}
      </span>
      {/* For the pointer; the keys for the same are in the list of keys. */}
      <button
        type="button"
        className="tile-action tile-select"
        aria-pressed={selected}
        tabIndex={-1}
        aria-label={t.selectImage(name)}
        onClick={event => actions.select(id, event)}
      >
        {(selected || near) && <CheckIcon />}
      </button>
      {(near || HOVERLESS) && (
        <button
          type="button"
          className="tile-action tile-similar"
          tabIndex={-1}
          title={t.moreLikeThis}
          aria-label={`${t.moreLikeThis}: ${name}`}
          onClick={() => actions.moreLike(id)}
        >
          <SimilarIcon />
        </button>
      )}
      {(image.starred || (near && actions.star)) && (
        <button
          type="button"
          className="tile-action tile-star"
          tabIndex={-1}
          disabled={!actions.star}
          title={image.starred ? t.unstar : t.star}
          aria-label={`${image.starred ? t.unstar : t.star}: ${name}`}
          aria-pressed={image.starred}
          onClick={() => actions.star?.(image)}
        >
          <StarIcon />
        </button>
      )}
    </li>
  );
});

/** Where nothing hovers, what comes with the pointer is always there. */
const HOVERLESS = matchMedia('(hover: none)').matches;

/** The blurred placeholder as a background, until the image itself is loaded. */
function blurOf(image: Image): CSSProperties | undefined {
  const url = placeholderUrl(image.placeholder);
  return url === undefined ? undefined : { backgroundImage: `url(${url})` };
}

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
