import { useEffect, useRef, useState } from 'react';
import { MoreIcon } from './icons.tsx';
import { t } from './messages.ts';

export type MenuItem = { readonly label: string; readonly badge?: number; readonly onChoose: () => void };

/** A button that opens a short list of things to do. */
export function Menu({ items }: { readonly items: readonly MenuItem[] }) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => {
      if (!root.current?.contains(event.target as Node | null)) setOpen(false);
    };
    addEventListener('pointerdown', leave);
    addEventListener('focusin', leave);
    return () => {
      removeEventListener('pointerdown', leave);
      removeEventListener('focusin', leave);
    };
  }, [open]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens for Escape from the buttons inside
    <div ref={root} className="menu" onKeyDown={event => event.key === 'Escape' && setOpen(false)}>
      <button
        type="button"
        className="round"
        aria-expanded={open}
        aria-label={t.menu}
        title={t.menu}
        onClick={() => setOpen(!open)}
      >
        <MoreIcon />
        {items.some(item => item.badge) && <span className="dot" />}
      </button>
      {open && (
        <ul className="menu-list">
          {items.map(item => (
            <li key={item.label}>
              <button
                type="button"
                onClick={() => {
                  setOpen(false);
                  item.onChoose();
                }}
              >
                {item.label}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
