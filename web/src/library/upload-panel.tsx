import { CloseIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import type { UploadItem } from './use-uploads.ts';

type UploadPanelProps = { readonly items: readonly UploadItem[]; readonly onClose: () => void };

/** The files being added, with their progress, at the corner of the page. */
export function UploadPanel({ items, onClose }: UploadPanelProps) {
  const settled = items.filter(item => item.state !== 'waiting' && item.state !== 'sending').length;
  const done = items.filter(item => item.state === 'done').length;
  const busy = settled < items.length;
  return (
    <aside className="uploads" aria-label={t.uploads}>
      <header>
        <strong role="status">{busy ? t.uploadsRunning(settled, items.length) : t.uploadsDone(done)}</strong>
        {!busy && (
          <button type="button" className="round" onClick={onClose} aria-label={t.close}>
            <CloseIcon />
          </button>
        )}
      </header>
      <ul>
        {items.map(item => (
          <li key={item.key} data-state={item.state}>
            <span className="upload-name">{item.name}</span>
            <span className="upload-outcome">{outcome(item)}</span>
            {item.state === 'sending' && <progress value={item.sent} max={1} aria-label={item.name} />}
          </li>
        ))}
      </ul>
    </aside>
  );
}

function outcome({ state, sent, reason }: UploadItem): string {
  if (state === 'waiting') return t.uploadWaiting;
  if (state === 'sending') return `${Math.round(sent * 100)} %`;
  if (state === 'done') return t.uploadDone;
  return state === 'duplicate' ? t.uploadDuplicate : reason;
}
