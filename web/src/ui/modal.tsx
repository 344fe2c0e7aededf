import { type ReactNode, useEffect, useRef } from 'react';
import { CloseIcon } from './icons.tsx';
import { t } from './messages.ts';

type ModalProps = {
  readonly label: string;
  readonly className: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/**
 * A native modal dialog, open as long as it is rendered: the browser keeps focus inside, makes the rest inert
 * and gives the focus back.
 */
export function Modal({ label, className, onClose, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
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
      onClick={event => {
        if (event.target === dialog.current) onClose();
      }}
    >
      {children}
    </dialog>
  );
}

/** A small dialog with a title and a way out. */
export function Sheet({ label, onClose, children }: Omit<ModalProps, 'className'>) {
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
