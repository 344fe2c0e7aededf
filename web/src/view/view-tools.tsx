import type { ComponentProps } from 'react';
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
import { Tool } from '../ui/tool.tsx';
import { ZOOM_STEP, type Zoom } from './use-zoom.ts';

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
      <ViewTool
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
      <ViewTool label={t.zoomIn} icon={<PlusIcon />} onClick={() => zoom.zoomBy(ZOOM_STEP)} />
      <ViewTool label={t.turn} icon={<TurnIcon />} onClick={() => zoom.turn(1)} />
      {words && (
        <ViewTool label={t.showWords} icon={<WordsIcon />} onClick={words.toggle} pressed={words.marked} />
      )}
      <ViewTool
        label={show.playing ? t.slideshowStop : t.slideshow}
        icon={show.playing ? <PauseIcon /> : <PlayIcon />}
        onClick={show.togglePlaying}
      />
      {document.fullscreenEnabled && (
        <ViewTool
          label={t.fullScreen}
          icon={<FullScreenIcon />}
          onClick={show.toggleFullScreen}
          pressed={show.isFullScreen}
        />
      )}
    </div>
  );
}

type ViewToolProps = Omit<ComponentProps<typeof Tool>, 'className'>;

const ViewTool = (props: ViewToolProps) => <Tool className="view-tool" {...props} />;
