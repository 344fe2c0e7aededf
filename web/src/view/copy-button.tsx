import { useState } from 'react';
import { CheckIcon, CopyIcon } from '../ui/icons.tsx';
import { t } from '../ui/messages.ts';

type CopyButtonProps = {
  readonly text: string;
  /** What it copies, in words. */
  readonly label: string;
};

/** Puts a text on the clipboard; absent where the browser has none, as on a page that came over plain HTTP. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  if (!navigator.clipboard) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <button
      type="button"
      className="round copy-button"
      aria-label={label}
      title={copied ? t.copied : label}
      onClick={copy}
      onBlur={() => setCopied(false)}
    >
      {copied ? <CheckIcon /> : <CopyIcon />}
      <span className="visually-hidden" role="status">
        {copied ? t.copied : ''}
      </span>
    </button>
  );
}
