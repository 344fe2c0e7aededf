import { useQuery } from '@tanstack/react-query';
import {
  type CSSProperties,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react';
import { browsersShow } from '../../../shared/catalog/formats.ts';
import { api } from '../api/api.ts';
import { absoluteUrl } from '../api/client.ts';
import type { Explanation, Hit, Image } from '../api/types.ts';
import { mayBeTransparent, placeholderUrl } from '../grid/placeholder.ts';
import { nameOf } from '../grid/tile.tsx';
import type { Region } from '../state/reference.ts';
import { CloseIcon, LeftIcon, RightIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { Modal } from '../ui/modal.tsx';
import { Facts, type FactsActions } from './facts.tsx';
import { RegionPicker } from './region-picker.tsx';

type ImageViewProps = {
  readonly id: string;
  /** What the grid shows, in its order: the arrows walk along it. */
  readonly hits: readonly Hit[];
  /** What the search's criteria are called, in their order. */
  readonly criteria: readonly string[];
  readonly actions: Omit<FactsActions, 'pickRegion'> & {
    readonly close: () => void;
    readonly searchRegion: (id: string, region: Region) => void;
  };
};

/** px of a finger's way that turn to the next image. */
const SWIPE = 60;

/** One image large, with its facts. */
export default function ImageView({ id, hits, criteria, actions }: ImageViewProps) {
  const at = hits.findIndex(hit => hit.img.id === id);
  const hit = hits[at];
  const fetched = useQuery({
    queryKey: ['image', id],
    queryFn: ({ signal }) => api.image(id, signal),
    enabled: !hit,
  });
  const image = hit?.img ?? fetched.data ?? null;
  const [picking, setPicking] = useState<string | null>(null);
  const before = hits[at - 1]?.img;
  const after = at === -1 ? undefined : hits[at + 1]?.img;

  const walk = (step: -1 | 1) => {
    const next = step < 0 ? before : after;
    if (next) actions.show(next.id);
  };
  const walkByKey = useEffectEvent(walk);
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLInputElement ||
        event.target instanceof HTMLTextAreaElement ||
        (event.target instanceof HTMLElement && event.target.closest('.region') !== null);
      if (typing || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === 'ArrowLeft') walkByKey(-1);
      else if (event.key === 'ArrowRight') walkByKey(1);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', key);
    return () => removeEventListener('keydown', key);
  }, []);

  return (
    <Modal
      label={image ? nameOf(image) : t.image}
      className="view"
      onClose={actions.close}
      focusAfter={() => document.querySelector<HTMLElement>(`[data-id="${id}"] .tile-link`)}
    >
      <div className="view-stage">
        {image && (
          <Stage
            key={image.id}
            image={image}
            words={hit?.explain?.words ?? []}
            onWalk={walk}
            region={
              picking === image.id && (
                <RegionPicker
                  onPick={region => actions.searchRegion(image.id, region)}
                  onCancel={() => setPicking(null)}
                />
              )
            }
          />
        )}
        {!image && fetched.error && <p className="view-missing">{fetched.error.message}</p>}
        {!image && fetched.isSuccess && <p className="view-missing">{t.notLoaded}</p>}
        {before && (
          <button
            type="button"
            className="view-walk view-before"
            onClick={() => walk(-1)}
            aria-label={t.previous}
          >
            <LeftIcon />
          </button>
        )}
        {after && (
          <button type="button" className="view-walk view-after" onClick={() => walk(1)} aria-label={t.next}>
            <RightIcon />
          </button>
        )}
        <button type="button" className="view-close" onClick={actions.close} aria-label={t.close}>
          <CloseIcon />
        </button>
        <Neighbours
          urls={[before, after].flatMap(img => (img ? [absoluteUrl(img.preview_url ?? img.url)] : []))}
        />
      </div>
      {image && (
        <Facts
          key={image.id}
          image={image}
          score={hit?.score ?? null}
          explain={hit?.explain ?? null}
          criteria={criteria}
          actions={{ ...actions, pickRegion: () => setPicking(image.id) }}
        />
      )}
    </Modal>
  );
}

type StageProps = {
  readonly image: Image;
  /** Lines in the image that the search asked for. */
  readonly words: Explanation['words'];
  readonly onWalk: (step: -1 | 1) => void;
  /** What lies over the image, such as a frame that is drawn on it. */
  readonly region: ReactNode;
};

/** The image as large as fits; a click shows it at full size, to be scrolled. */
function Stage({ image, words, onWalk, region }: StageProps) {
  const [zoomed, setZoomed] = useState(false);
  const [broken, setBroken] = useState(false);
  const [loaded, setLoaded] = useState(false);
  const start = useRef<{ x: number; y: number } | null>(null);
  const blur = placeholderUrl(image.placeholder);
  // Originals that browsers don't show are seen by their preview.
  const shown = !browsersShow(image.format) || broken ? (image.preview_url ?? image.url) : image.url;

  const proportions: CSSProperties & Record<`--${string}`, number> = {
    aspectRatio: `${image.width} / ${image.height}`,
    '--w': image.width,
    '--h': image.height,
  };

  const down = (event: PointerEvent) => {
    start.current =
      event.pointerType === 'touch' && event.isPrimary ? { x: event.clientX, y: event.clientY } : null;
  };
  const up = (event: PointerEvent) => {
    const from = start.current;
    start.current = null;
    if (!from || zoomed) return;
    const dx = event.clientX - from.x;
    if (Math.abs(dx) > SWIPE && Math.abs(dx) > 2 * Math.abs(event.clientY - from.y)) onWalk(dx > 0 ? -1 : 1);
  };

  const picture = (
    <>
      <img
        src={absoluteUrl(shown)}
        alt={nameOf(image)}
        width={image.width}
        height={image.height}
        draggable={false}
        onLoad={() => setLoaded(true)}
        onError={() => setBroken(true)}
        data-transparent={(loaded && mayBeTransparent(image.format)) || undefined}
        style={blur && !loaded ? { backgroundImage: `url(${blur})` } : undefined}
      />
      {words.length > 0 && (
        <svg className="stage-words" viewBox={`0 0 ${image.width} ${image.height}`} aria-hidden="true">
          {words.map(line => (
            <polygon
              key={`${line.text} ${line.box}`}
              points={line.box.map(point => point.join()).join(' ')}
            />
          ))}
        </svg>
      )}
    </>
  );
  if (region)
    return (
      <div className="stage">
        <div className="stage-image" style={proportions}>
          {picture}
          {region}
        </div>
      </div>
    );
  return (
    <div className="stage" data-zoomed={zoomed || undefined} onPointerDown={down} onPointerUp={up}>
      <button
        type="button"
        className="stage-image"
        aria-label={t.zoom}
        aria-pressed={zoomed}
        onClick={() => setZoomed(!zoomed)}
        style={proportions}
      >
        {picture}
      </button>
    </div>
  );
}

/** Loads the images to the left and right ahead, so that walking doesn't flicker. */
function Neighbours({ urls }: { readonly urls: readonly string[] }) {
  return (
    <div hidden>
      {urls.map(url => (
        <img key={url} src={url} alt="" />
      ))}
    </div>
  );
}
