import type { RefObject } from 'react';
import { Menu, MenuItem, Popover } from 'react-aria-components';

export type MenuEntry = { readonly label: string; readonly badge?: number; readonly onChoose: () => void };

type MenuPopoverProps = {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly onClose: () => void;
};

/** The open menu: arrow keys, type-ahead, Escape and the way back of the focus. */
export default function MenuPopover({ anchor, label, entries, onClose }: MenuPopoverProps) {
  return (
    <Popover
      className="menu-list"
      triggerRef={anchor}
      placement="bottom end"
      isOpen
      isNonModal
      onOpenChange={open => !open && onClose()}
    >
      <nav aria-label={label}>
        <Menu
          aria-label={label}
          autoFocus="first"
          onClose={onClose}
          onAction={key => entries.find(entry => entry.label === key)?.onChoose()}
        >
          {entries.map(entry => (
            <MenuItem key={entry.label} id={entry.label} textValue={entry.label}>
              {entry.label}
            </MenuItem>
          ))}
        </Menu>
      </nav>
    </Popover>
  );
}
