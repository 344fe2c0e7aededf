import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import { CloseIcon } from './icons.tsx';
import { t } from './messages.ts';

type ModalProps = {
  readonly label: string;
  readonly className: string;
  readonly onClose: () => void;
  /** What gets the focus afterwards; by default what had it before. */
  readonly focusAfter?: () => HTMLElement | null;
  readonly children: ReactNode;
};

/**
 * A native modal dialog, open as long as it is rendered: the browser keeps focus inside, makes the rest inert
 * and gives the focus back.
 */
export function Modal({ label, className, onClose, focusAfter, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const after = useEffectEvent(() => focusAfter?.() ?? null);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      const next = after() ?? (before instanceof HTMLElement ? before : null);
      next?.focus({ preventScroll: true });
      next?.scrollIntoView({ block: 'nearest' });
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the key for it, the dialog's cancel event
    <dialog
      ref={dialog}
      className={className}
      aria-label={label}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
      // A browser may close it without asking, on a second Escape.
      onClose={() => !dialog.current?.open && onClose()}
      onClick={event => {
        if (event.target === dialog.current) onClose();
      }}
    >
      {children}
    </dialog>
  );
}

/** A small dialog with a title and a way out. */
export function Sheet({ label, onClose, children }: Pick<ModalProps, 'label' | 'onClose' | 'children'>) {
  return (
    <Modal label={label} className="sheet" onClose={onClose}>
      <div className="sheet-body">
        <header className="sheet-head">
          <h2>{label}</h2>
          <button type="button" className="round" onClick={onClose} aria-label={t.close}>
            <CloseIcon />
          </button>
        </header>
        {children}
      </div>
    </Modal>
  );
}
