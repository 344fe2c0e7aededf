import { useRef } from 'react';
import { absoluteUrl } from '../api/client.ts';
import type { Image } from '../api/types.ts';
import { nameOf } from '../grid/tile.tsx';
import { DownloadIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { Modal } from '../ui/modal.tsx';
import { LoadedAhead } from '../view/image-layers.tsx';
import { Stage } from '../view/stage.tsx';
import { useShow } from '../view/use-show.ts';
import { WalkButtons } from '../view/walk-buttons.tsx';

type SharedViewProps = {
  readonly images: readonly Image[];
  readonly at: number;
  readonly onShow: (id: string) => void;
  readonly onClose: () => void;
};

/** One of the shared images large, without what the library knows of it. */
export function SharedView({ images, at, onShow, onClose }: SharedViewProps) {
  const image = images[at];
  const before = images[at - 1];
  const after = images[at + 1];
  const stage = useRef<HTMLDivElement>(null);
  const { onShown, ...show } = useShow(stage, image?.id ?? '', () => {
    const next = after ?? images[0];
    if (next) onShow(next.id);
  });
  if (!image) return null;
  const walk = (step: -1 | 1) => {
    const next = step < 0 ? before : after;
    if (next) onShow(next.id);
  };
  return (
    <Modal
      label={nameOf(image)}
      className="view shared-view"
      onClose={show.playing ? show.togglePlaying : onClose}
      focusAfter={() => document.querySelector<HTMLElement>(`[data-id="${image.id}"]`)}
    >
      <div ref={stage} className="view-stage" data-playing={show.playing || undefined}>
        <Stage key={image.id} image={image} onWalk={walk} onShown={onShown} show={show} />
        <WalkButtons hasBefore={Boolean(before)} hasAfter={Boolean(after)} onWalk={walk} onClose={onClose} />
        <a
          className="view-close shared-download"
          href={absoluteUrl(image.url)}
          download={image.name ?? `${image.id}.${image.format}`}
          aria-label={t.download}
          title={t.download}
        >
          <DownloadIcon />
        </a>
        <LoadedAhead images={[before, after]} />
      </div>
    </Modal>
  );
}
