import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/api.ts';
import { saveToken, type TokenKind } from '../api/tokens.ts';
import { t } from '../ui/messages.ts';
import { Sheet } from '../ui/modal.tsx';

const TEXTS = {
  access: { title: t.tokenTitle, text: t.tokenText, label: t.tokenLabel },
  admin: { title: t.adminTitle, text: t.adminText, label: t.adminLabel },
} as const;

/** Asks for a token until the server accepts it. */
export function TokenSheet({ kind, onClose }: { readonly kind: TokenKind; readonly onClose: () => void }) {
  const client = useQueryClient();
  const [token, setToken] = useState('');
  const [rejected, setRejected] = useState<string | null>(null);
  const { title, text, label } = TEXTS[kind];

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    saveToken(kind, token);
    try {
      const welcome = await api.welcome(AbortSignal.timeout(15_000));
      const passed = kind === 'access' ? welcome.authorization.passed : welcome.admin_api.passed;
      setRejected(passed ? null : t.tokenWrong);
      if (!passed) return;
      await client.resetQueries();
      onClose();
    } catch (error) {
      setRejected(error instanceof Error ? error.message : String(error));
    }
  };

  return (
    <Sheet label={title} onClose={onClose}>
      <form className="token" onSubmit={submit}>
        <p className="soft">{text}</p>
        <label>
          {label}
          <input
            type="password"
            autoComplete="current-password"
            required
            value={token}
            aria-invalid={rejected !== null}
            onChange={event => setToken(event.target.value)}
          />
        </label>
        {rejected && (
          <p className="alarm" role="alert">
            {rejected}
          </p>
        )}
        <footer className="sheet-foot">
          <button type="submit" className="main">
            {t.tokenEnter}
          </button>
        </footer>
      </form>
    </Sheet>
  );
}
