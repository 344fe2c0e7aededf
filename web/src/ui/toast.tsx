import { useEffect, useSyncExternalStore } from 'react';
import { CloseIcon } from './icons.tsx';
import { t } from './messages.ts';

type Toast = {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
};

/** ms; long enough to read it and to reach its button. */
const SHOWN = 12_000;

let shown: Toast | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells something that needs no response, for a while; the one before goes. */
export function showToast(toast: Toast | null): void {
  shown = toast;
  for (const listener of listeners) listener();
}

/** Where toasts are shown; it stays while the user points at it or has the focus in it. */
export function Toaster() {
  const toast = useSyncExternalStore(subscribe, () => shown);
  useEffect(() => {
    if (!toast) return;
    const hide = () => {
      const held = document.querySelector('.toast:hover, .toast:focus-within') !== null;
      if (held) timer = window.setTimeout(hide, SHOWN / 4);
      else if (shown === toast) showToast(null);
    };
    let timer = window.setTimeout(hide, SHOWN);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <div className="toasts" role="status">
      {toast && (
        <div className="toast">
          <span>{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              className="quiet"
              onClick={() => {
                showToast(null);
                toast.action?.run();
              }}
            >
              {toast.action.label}
            </button>
          )}
          <button type="button" className="round" aria-label={t.dismiss} onClick={() => showToast(null)}>
            <CloseIcon />
          </button>
        </div>
      )}
    </div>
  );
}
