import { absoluteUrl } from '../api/client.ts';
import type { Image } from '../api/types.ts';
import { nameOf } from '../grid/tile.tsx';
import { formatBytes, formatDay } from '../ui/format.ts';
import { KeepIcon, TrashIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { isDeletable, reasonsFor } from './keeper.ts';

/** Duplicates, and which of them are to stay and which are to go. */
export type Decided = {
  readonly key: string;
  readonly images: readonly Image[];
  readonly keep: readonly Image[];
  readonly trash: readonly Image[];
};

type DuplicateGroupProps = {
  readonly group: Decided;
  readonly busy: boolean;
  readonly onShow: (id: string) => void;
  readonly onCompare: () => void;
  /** Told which images are to go. */
  readonly onDecide: (trash: ReadonlySet<string>) => void;
  /** Absent where nothing of the group can be deleted here. */
  readonly onClean: (() => void) | undefined;
};

/** Images that look the same, and what is to become of each. */
export function DuplicateGroup({ group, busy, onShow, onCompare, onDecide, onClean }: DuplicateGroupProps) {
  const { images, trash } = group;
  const going = new Set(trash.map(({ id }) => id));
  const toggle = (id: string) => {
    const next = new Set(going);
    if (!next.delete(id)) next.add(id);
    // One of them always stays.
    if (next.size < images.length) onDecide(next);
  };
  return (
    <section className="duplicate-group" aria-label={t.groupOf(images.length)}>
      <ul>
        {images.map(image => (
          <Copy
            key={image.id}
            image={image}
            group={images}
            going={going.has(image.id)}
            onShow={() => onShow(image.id)}
            onToggle={() => toggle(image.id)}
          />
        ))}
      </ul>
      <footer>
        <button type="button" className="quiet" onClick={onCompare}>
          {t.compare}
        </button>
        {going.size > 0 && (
          <button type="button" className="quiet" onClick={() => onDecide(new Set())}>
            {t.keepAll}
          </button>
        )}
        {onClean && (
          <button type="button" className="plain" disabled={busy} onClick={onClean}>
            <TrashIcon />
            {t.trashThese(trash.filter(isDeletable).length)}
          </button>
        )}
      </footer>
    </section>
  );
}

type CopyProps = {
  readonly image: Image;
  readonly group: readonly Image[];
  readonly going: boolean;
  readonly onShow: () => void;
  readonly onToggle: () => void;
};

function Copy({ image, group, going, onShow, onToggle }: CopyProps) {
  const name = nameOf(image);
  return (
    <li className="copy" data-going={going || undefined}>
      <button type="button" className="copy-image" onClick={onShow} aria-label={t.openImage(name)}>
        <img src={absoluteUrl(image.preview_url ?? image.thumbnail_url ?? image.url)} alt="" loading="lazy" />
      </button>
      <div className="copy-facts">
        <strong title={image.path ?? name}>{name}</strong>
        <span className="soft">
          {image.width} × {image.height} · {formatBytes(image.bytes)}
          {image.taken_at && ` · ${formatDay(image.taken_at)}`}
        </span>
        <span className="badges">
          {reasonsFor(image, group).map(reason => (
            <span className="badge" key={reason}>
              {t.keeperReasons[reason]}
            </span>
          ))}
          {!isDeletable(image) && <span className="badge badge-plain">{t.inYourFolder}</span>}
        </span>
      </div>
      <button
        type="button"
        className="copy-fate"
        aria-pressed={going}
        onClick={onToggle}
        aria-label={`${going ? t.goes : t.stays}: ${name}`}
      >
        {going ? <TrashIcon /> : <KeepIcon />}
        {going ? t.goes : t.stays}
      </button>
    </li>
  );
}
