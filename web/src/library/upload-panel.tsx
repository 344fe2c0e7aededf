import { CloseIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';
import { isUnderWay, type UploadItem } from './upload-queue.ts';

type UploadPanelProps = {
  readonly items: readonly UploadItem[];
  readonly onRetry: () => void;
  readonly onClose: () => void;
};

/** Rows of the list. Of thousands of files more are not read, and the counts include all. */
const ROWS = 100;
/** The order of the list: first the files that the user may want to see. */
const URGENCY = { failed: 0, sending: 1, delayed: 2, waiting: 3, duplicate: 4, done: 5 } as const;

/** The files being added, with their progress, at the corner of the page. */
export default function UploadPanel({ items, onRetry, onClose }: UploadPanelProps) {
  const count = (state: UploadItem['state']) => items.filter(item => item.state === state).length;
  const left = items.filter(isUnderWay).length;
  const [failed, duplicates] = [count('failed'), count('duplicate')];
  const parts = [
    left > 0 ? t.uploadsRunning(items.length - left, items.length) : t.uploadsDone(count('done')),
    ...(duplicates > 0 ? [t.uploadsDuplicate(duplicates)] : []),
    ...(failed > 0 ? [t.uploadsFailed(failed)] : []),
  ];
  const rows = [...items].sort((a, b) => URGENCY[a.state] - URGENCY[b.state]).slice(0, ROWS);
  return (
    <aside className="uploads" aria-label={t.uploads}>
      <header>
        <strong role="status">{parts.join(' · ')}</strong>
        {failed > 0 && (
          <button type="button" className="quiet" onClick={onRetry}>
            {t.retryFailed}
          </button>
        )}
        {left === 0 && (
          <button type="button" className="round" onClick={onClose} aria-label={t.close}>
            <CloseIcon />
          </button>
        )}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls has to be reached by the keyboard */}
      <ul tabIndex={0} aria-label={t.uploads}>
        {rows.map(item => (
          <li key={item.key} data-state={item.state}>
            <UploadName path={item.path} />
            <span className="upload-outcome">{outcome(item)}</span>
            {item.state === 'sending' && <progress value={item.sent} max={1} aria-label={item.path} />}
          </li>
        ))}
      </ul>
    </aside>
  );
}

/** Letters of a name's end that are always shown: there names of a series differ. */
const END = 14;

function UploadName({ path }: { readonly path: string }) {
  const at = Math.max(0, path.length - END);
  return (
    <span className="upload-name" title={path}>
      <span className="upload-name-begin">{path.slice(0, at)}</span>
      <span>{path.slice(at)}</span>
    </span>
  );
}

function outcome({ state, sent, reason }: UploadItem): string {
  if (state === 'waiting') return t.uploadWaiting;
  if (state === 'sending') return `${Math.round(sent * 100)} %`;
  if (state === 'delayed') return t.uploadDelayed;
  if (state === 'done') return t.uploadDone;
  return state === 'duplicate' ? t.uploadDuplicate : reason;
}
