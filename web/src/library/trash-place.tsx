import { useState } from 'react';
import type { TrashedImage } from '../api/types.ts';
import { formatBytes, formatDay } from '../ui/format.ts';
import { TrashIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { useTrash, useTrashChanges } from './use-trash.ts';

/** What was deleted: to be restored, or deleted for good. */
export default function TrashPlace() {
  const trash = useTrash();
  const { restore, empty } = useTrashChanges();
  const images = trash.data ?? [];
  const busy = restore.isPending || empty.isPending;
  return (
    <main className="trash">
      <header className="place-head">
        <h1>{t.placeTrash}</h1>
        <p className="soft">{t.trashText}</p>
        {images.length > 0 && (
          <div className="trash-tools">
            <button
              type="button"
              className="plain"
              disabled={busy}
              onClick={() => restore.mutate(images.map(({ id }) => id))}
            >
              {t.restoreAll(images.length)}
            </button>
            <DeleteForGood
              label={t.emptyTrash}
              sure={t.emptyTrashSure(images.length)}
              disabled={busy}
              onSure={() => empty.mutate(images.map(({ id }) => id))}
            />
          </div>
        )}
      </header>
      {trash.error && (
        <p className="alarm" role="alert">
          {trash.error.message}
        </p>
      )}
      {trash.isSuccess && images.length === 0 && (
        <div className="empty" role="status">
          <TrashIcon />
          <h2>{t.trashNone}</h2>
        </div>
      )}
      <ul className="trash-list">
        {images.map(image => (
          <Trashed
            key={image.id}
            image={image}
            busy={busy}
            onRestore={() => restore.mutate([image.id])}
            onDelete={() => empty.mutate([image.id])}
          />
        ))}
      </ul>
    </main>
  );
}

type TrashedProps = {
  readonly image: TrashedImage;
  readonly busy: boolean;
  readonly onRestore: () => void;
  readonly onDelete: () => void;
};

function Trashed({ image, busy, onRestore, onDelete }: TrashedProps) {
  const name = image.name ?? t.untitled;
  return (
    <li>
      <span className="trash-name">{name}</span>
      <span className="soft">
        {formatBytes(image.bytes)} · {t.trashDates(formatDay(image.deleted), formatDay(image.emptied))}
      </span>
      <span className="trash-tools">
        <button
          type="button"
          className="quiet"
          disabled={busy}
          aria-label={t.restoreImage(name)}
          onClick={onRestore}
        >
          {t.restore}
        </button>
        <DeleteForGood
          label={t.deleteForGood}
          name={t.deleteImageForGood(name)}
          sure={t.deleteForGoodSure}
          disabled={busy}
          onSure={onDelete}
        />
      </span>
    </li>
  );
}

type DeleteForGoodProps = {
  readonly label: string;
  /** What a screen reader says instead of the label, where the label does not say of which image. */
  readonly name?: string;
  readonly sure: string;
  readonly disabled: boolean;
  readonly onSure: () => void;
};

/** ms in which a second click is part of a double click, not a yes. */
const DOUBLE_CLICK = 600;

/** Asks once more; a double click is no yes. */
function DeleteForGood({ label, name, sure, disabled, onSure }: DeleteForGoodProps) {
  const [asked, setAsked] = useState<number | null>(null);
  return (
    <button
      type="button"
      className="quiet danger"
      disabled={disabled}
      aria-label={asked === null ? name : undefined}
      onClick={() => {
        if (asked === null) return setAsked(performance.now());
        if (performance.now() - asked < DOUBLE_CLICK) return;
        setAsked(null);
        onSure();
      }}
      onBlur={() => setAsked(null)}
    >
      {/* As wide as the longer text: a button that shrank under the pointer would move its neighbours. */}
      <span className="either" aria-live="polite">
        <span hidden={asked !== null}>{label}</span>
        <span hidden={asked === null}>{sure}</span>
      </span>
    </button>
  );
}
