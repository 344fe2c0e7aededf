import { type CSSProperties, type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { Explanation, Image, WordLine } from '../api/types.ts';
import { nameOf } from '../grid/tile.tsx';
import { ImageLayers } from './image-layers.tsx';
import { useZoom } from './use-zoom.ts';
import { pressViewKey } from './view-keys.ts';
import { type ShowTools, ViewTools } from './view-tools.tsx';
import { WordsLayer } from './words-layer.tsx';

type StageProps = {
  readonly image: Image;
  /** Lines in the image that the search found. */
  readonly found?: Explanation['words'];
  /** The lines of words in it, with where they are. */
  readonly lines?: readonly WordLine[];
  readonly onWalk: (step: -1 | 1) => void;
  readonly onShown?: () => void;
  /** What lies over the whole image, such as a frame that is drawn on it; nothing can be zoomed meanwhile. */
  readonly region?: ReactNode;
  readonly show: ShowTools;
};

/** One image, as large as fits, to be zoomed, moved and turned. */
export function Stage({ image, found = [], lines = [], onWalk, onShown, region, show }: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const zoom = useZoom(stage, image, onWalk);
  const [marked, setMarked] = useState(false);
  const picking = Boolean(region);
  const { scale, x, y, turns } = picking ? { scale: 1, x: 0, y: 0, turns: 0 } : zoom.view;

  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (!picking && pressViewKey(event, zoom, onWalk, show)) event.preventDefault();
  });
  useEffect(() => {
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);

  const place: CSSProperties = {
    width: zoom.fit.width,
    height: zoom.fit.height,
    transform: `translate(${x}px, ${y}px) rotate(${turns * 90}deg) scale(${scale})`,
  };
  return (
    <>
      <div
        ref={stage}
        className="stage"
        data-zoomed={!zoom.isWhole || undefined}
        {...(picking ? {} : zoom.handlers)}
      >
        <div className="stage-image" role="img" aria-label={nameOf(image)} style={place}>
          <ImageLayers
            image={image}
            shownWidth={zoom.fit.width * scale}
            isWhole={zoom.isWhole}
            onShown={() => onShown?.()}
          />
          <WordsLayer image={image} lines={lines} found={found} marked={marked} />
          {region}
        </div>
      </div>
      {!picking && (
        <ViewTools
          zoom={zoom}
          words={lines.length > 0 ? { marked, toggle: () => setMarked(!marked) } : null}
          show={show}
        />
      )}
    </>
  );
}
