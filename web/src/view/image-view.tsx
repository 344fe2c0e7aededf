import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '../api/api.ts';
import type { Hit } from '../api/types.ts';
import { nameOf } from '../grid/tile.tsx';
import type { Region } from '../state/reference.ts';
import { t } from '../ui/messages.ts';
import { Modal } from '../ui/modal.tsx';
import { Facts, type FactsActions } from './facts.tsx';
import { LoadedAhead } from './image-layers.tsx';
import { RegionPicker } from './region-picker.tsx';
import { Stage } from './stage.tsx';
import { useShow } from './use-show.ts';
import { WalkButtons } from './walk-buttons.tsx';
import { useWordLines } from './words-layer.tsx';

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

/** An image in the grid, and its neighbours there. */
type Placed = { readonly hit: Hit; readonly before: Hit | undefined; readonly after: Hit | undefined };

/** One image large, with its facts. */
export default function ImageView({ id, hits, criteria, actions }: ImageViewProps) {
  const at = hits.findIndex(hit => hit.img.id === id);
  const hit = hits[at];
  // An image that is deleted here leaves the grid a moment before this view closes. It must not be requested then.
  const [removed, setRemoved] = useState<string | null>(null);
  const fetched = useQuery({
    queryKey: ['image', id],
    queryFn: ({ signal }) => api.image(id, signal),
    enabled: !hit && removed !== id,
  });
  // Where the grid loses an image that is open, since it was changed or deleted, the arrows still lead to its neighbours.
  const [placed, setPlaced] = useState<Placed | null>(null);
  if (hit && (placed?.hit !== hit || placed.before !== hits[at - 1] || placed.after !== hits[at + 1]))
    setPlaced({ hit, before: hits[at - 1], after: hits[at + 1] });
  const last = placed?.hit.img.id === id ? placed : null;
  const image = hit?.img ?? fetched.data ?? (fetched.error ? null : (last?.hit.img ?? null));
  const lines = useWordLines(image);
  const [picking, setPicking] = useState<string | null>(null);
  const before = last?.before?.img;
  const after = last?.after?.img;

  const { remove } = actions;
  const removeHere = (removedId: string) => {
    setRemoved(removedId);
    remove?.(removedId);
  };
  const walk = (step: -1 | 1) => {
    const next = step < 0 ? before : after;
    if (next) actions.show(next.id);
  };
  const stage = useRef<HTMLDivElement>(null);
  const { onShown, ...show } = useShow(stage, id, () => {
    const next = after ?? hits[0]?.img;
    if (next) actions.show(next.id);
  });

  return (
    <Modal
      label={image ? nameOf(image) : t.image}
      className="view"
      onClose={show.playing ? show.togglePlaying : actions.close}
      focusAfter={() => document.querySelector<HTMLElement>(`[data-id="${id}"] .tile-link`)}
    >
      <div ref={stage} className="view-stage" data-playing={show.playing || undefined}>
        {image && (
          <Stage
            key={image.id}
            image={image}
            found={hit?.explain?.words ?? []}
            lines={lines}
            onWalk={walk}
            onShown={onShown}
            show={show}
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
        {!image && fetched.isSuccess && <p className="view-missing">{t.notIndexedYet}</p>}
        <WalkButtons
          hasBefore={Boolean(before)}
          hasAfter={Boolean(after)}
          onWalk={walk}
          onClose={actions.close}
        />
        <LoadedAhead images={[before, after]} />
      </div>
      {image && (
        <Facts
          key={image.id}
          image={image}
          score={criteria.length > 0 ? (hit?.score ?? null) : null}
          explain={hit?.explain ?? null}
          criteria={criteria}
          actions={{
            ...actions,
            remove: remove && removeHere,
            pickRegion: () => setPicking(image.id),
          }}
        />
      )}
    </Modal>
  );
}
