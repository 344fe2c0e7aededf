import type { ReactNode } from 'react';
import { formatPercent } from '../ui/format.ts';
import {
  FullScreenIcon,
  MinusIcon,
  PauseIcon,
  PlayIcon,
  PlusIcon,
  TurnIcon,
  WordsIcon,
} from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import type { Zoom } from './use-zoom.ts';
import { ZOOM_STEP } from './view-keys.ts';

/** The slideshow and the full screen, which go on from image to image. */
export type ShowTools = {
  readonly playing: boolean;
  readonly togglePlaying: () => void;
  readonly isFullScreen: boolean;
  readonly toggleFullScreen: () => void;
};

type ViewToolsProps = {
  readonly zoom: Zoom;
  /** Null where there are none. */
  readonly words: { readonly marked: boolean; readonly toggle: () => void } | null;
  readonly show: ShowTools;
};

/** The buttons over a large image. */
export function ViewTools({ zoom, words, show }: ViewToolsProps) {
  const percent = formatPercent(zoom.view.scale / zoom.actual);
  return (
    <div className="view-tools" role="toolbar" aria-label={t.viewTools}>
      <Tool
        label={t.zoomOut}
        icon={<MinusIcon />}
        onClick={() => zoom.zoomBy(1 / ZOOM_STEP)}
        off={zoom.isWhole}
      />
      <button
        type="button"
        className="view-scale"
        aria-label={`${t.zoomFit}, ${percent}`}
        title={t.zoomFit}
        onClick={() => zoom.zoomTo(zoom.isWhole ? zoom.actual : 1)}
      >
        {percent}
      </button>
      <Tool label={t.zoomIn} icon={<PlusIcon />} onClick={() => zoom.zoomBy(ZOOM_STEP)} />
      <Tool label={t.turn} icon={<TurnIcon />} onClick={() => zoom.turn(1)} />
      {words && (
        <Tool label={t.showWords} icon={<WordsIcon />} onClick={words.toggle} pressed={words.marked} />
      )}
      <Tool
        label={show.playing ? t.slideshowStop : t.slideshow}
        icon={show.playing ? <PauseIcon /> : <PlayIcon />}
        onClick={show.togglePlaying}
      />
      {document.fullscreenEnabled && (
        <Tool
          label={t.fullScreen}
          icon={<FullScreenIcon />}
          onClick={show.toggleFullScreen}
          pressed={show.isFullScreen}
        />
      )}
    </div>
  );
}

type ToolProps = {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onClick: () => void;
  readonly pressed?: boolean;
  readonly off?: boolean;
};

const Tool = ({ label, icon, onClick, pressed, off }: ToolProps) => (
  <button
    type="button"
    className="view-tool"
    aria-label={label}
    title={label}
    aria-pressed={pressed}
    aria-disabled={off || undefined}
    onClick={onClick}
  >
    {icon}
  </button>
);
