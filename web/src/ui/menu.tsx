import { lazy, Suspense, useRef, useState } from 'react';
import { MoreIcon } from './icons.tsx';
import type { MenuEntry } from './menu-popover.tsx';
import { t } from './messages.ts';

const loadPopover = () => import('./menu-popover.tsx');
const MenuPopover = lazy(loadPopover);

/** A button that opens a short list of things to do; the list itself is loaded when the user comes near it. */
export function Menu({ entries }: { readonly entries: readonly MenuEntry[] }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div className="menu">
      <button
        ref={button}
        type="button"
        className="round"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={t.menu}
        title={t.menu}
        onPointerEnter={() => void loadPopover()}
        onFocus={() => void loadPopover()}
        onClick={() => setOpen(!open)}
      >
        <MoreIcon />
        {entries.some(entry => entry.badge) && <span className="dot" />}
      </button>
      {open && (
        <Suspense>
          <MenuPopover anchor={button} label={t.menu} entries={entries} onClose={close} />
        </Suspense>
      )}
    </div>
  );
}
