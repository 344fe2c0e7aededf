import type { ReactNode } from 'react';

type ToolProps = {
  readonly label: string;
  readonly icon: ReactNode;
  readonly className: string;
  readonly onClick: () => void;
  readonly pressed?: boolean;
  readonly off?: boolean;
};

/** A button of an icon alone, whose name is shown on hover and read by screen readers. */
export const Tool = ({ label, icon, className, onClick, pressed, off }: ToolProps) => (
  <button
    type="button"
    className={className}
    aria-label={label}
    title={label}
    aria-pressed={pressed}
    aria-disabled={off || undefined}
    onClick={onClick}
  >
    {icon}
  </button>
);
