import { CloseIcon } from './icons.tsx';
import { t } from './messages.ts';

/** A sentence about something that did not work, until it is put away. */
export function Complaint({ text, onDismiss }: { readonly text: string; readonly onDismiss: () => void }) {
  return (
    <div className="banner" data-tone="bad">
      <p>{text}</p>
      <button type="button" className="round" onClick={onDismiss} aria-label={t.dismiss} title={t.dismiss}>
        <CloseIcon />
      </button>
    </div>
  );
}
