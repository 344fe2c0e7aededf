import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { browsersShow } from '../../../shared/catalog/formats.ts';
import { api } from '../api/api.ts';
import { absoluteUrl } from '../api/client.ts';
import type { Image } from '../api/types.ts';
import { mayBeTransparent, placeholderUrl } from '../grid/placeholder.ts';
import { t } from '../ui/messages.ts';
import { whenDecoded } from '../ui/when-decoded.ts';

/** px of a preview's long edge, as the server makes it. */
const PREVIEW_EDGE = 768;
/** An image that is not zoomed may be enlarged by so much before the original is worth its bytes. */
const SOFT = 1.5;
/** Beyond two pixels of the screen to one of CSS, no difference is seen. */
const FINEST = 2;

type LayersProps = {
  readonly image: Image;
  /** CSS px at which it is shown. */
  readonly shownWidth: number;
  readonly isWhole: boolean;
  readonly onShown: () => void;
};

/**
 * The image in the least bytes that show it well: its thumbnail, which the grid has loaded, then the preview, and the
 * original only where it is shown larger than the preview. Each covers the one before as soon as it can be
 * drawn.
 */
export function ImageLayers({ image, shownWidth, isWhole, onShown }: LayersProps) {
  const [loaded, setLoaded] = useState<readonly string[]>([]);
  const [broken, setBroken] = useState<readonly string[]>([]);
  const full = useFullUrl(image, wantsFull(image, shownWidth, isWhole));
  const urls = [image.thumbnail_url, image.preview_url, full.url].flatMap(url =>
    url && !broken.includes(url) ? [url] : [],
  );
  const best = urls.findLast(url => loaded.includes(url));
  const shownAt = best === undefined ? -1 : urls.indexOf(best);
  const fullFailed = full.failed || (full.url !== null && broken.includes(full.url));
  const loadingFull = full.wanted && !fullFailed && (full.url === null || !loaded.includes(full.url));
  const blur = best === undefined ? placeholderUrl(image.placeholder) : undefined;
  return (
    <>
      <div
        className="stage-layers"
        style={blur ? { backgroundImage: `url(${blur})` } : undefined}
        // Previews have no transparent parts: the server draws them on white.
        data-transparent={
          (best !== undefined && best === full.url && mayBeTransparent(image.format)) || undefined
        }
      >
        {urls.map((url, at) => (
          <img
            key={url}
            src={absoluteUrl(url)}
            alt=""
            draggable={false}
            hidden={at < shownAt}
            data-layer={url === full.url ? 'full' : url === image.preview_url ? 'preview' : 'thumbnail'}
            onLoad={async event => {
              await whenDecoded(event.currentTarget);
              setLoaded(before => [...before, url]);
              onShown();
            }}
            onError={() => setBroken(before => [...before, url])}
          />
        ))}
      </div>
      {urls.length === 0 && !loadingFull && <p className="view-missing">{t.notLoaded}</p>}
      {loadingFull && shownAt !== -1 && (
        <span className="stage-loading" role="status" aria-label={t.fullLoading} />
      )}
      {fullFailed && shownAt !== -1 && <span className="stage-note">{t.fullFailed}</span>}
    </>
  );
}

/** Whether more pixels are worth their bytes. */
function wantsFull(image: Image, shownWidth: number, isWhole: boolean): boolean {
  // A preview stands still.
  if (image.preview_url === null || image.format === 'gif') return true;
  const previewWidth = image.width * Math.min(1, PREVIEW_EDGE / Math.max(image.width, image.height));
  const beyond = (shownWidth * Math.min(FINEST, devicePixelRatio)) / previewWidth;
  if (!isWhole) return beyond > 1;
  return beyond > SOFT && browsersShow(image.format) && !isLineSlow();
}

function isLineSlow(): boolean {
  const line: unknown = 'connection' in navigator ? navigator.connection : null;
  if (typeof line !== 'object' || line === null) return false;
  const saving = 'saveData' in line && line.saveData === true;
  return saving || ('effectiveType' in line && line.effectiveType !== '4g');
}

/** Where the image is in full resolution as browsers show it; the server makes that of HEIC, TIFF and camera raw. */
function useFullUrl(image: Image, wants: boolean) {
  // Once it was worth loading it stays.
  const [wanted, setWanted] = useState(false);
  if (wants && !wanted) setWanted(true);
  const plain = browsersShow(image.format);
  const made = useQuery({
    queryKey: ['rendition', image.id, image.sha1],
    queryFn: ({ signal }) => api.rendition(image.id, signal),
    enabled: wanted && !plain,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return {
    wanted,
    url: wanted ? (plain ? image.url : (made.data ?? null)) : null,
    failed: made.isError,
  };
}

/** Loads images ahead as they will be shown at first, so that walking to them doesn't flicker. */
export function LoadedAhead({ images }: { readonly images: readonly (Image | undefined)[] }) {
  return (
    <div hidden>
      {images.map(
        image =>
          image && (
            <img
              key={image.id}
              src={absoluteUrl(image.preview_url ?? image.url)}
              alt=""
              fetchPriority="low"
            />
          ),
      )}
    </div>
  );
}
