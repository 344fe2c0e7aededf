import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/api.ts';
import { forgetToken, keepsToken, saveToken, type TokenKind } from '../api/tokens.ts';
import { t } from '../ui/messages.ts';
import { Sheet } from '../ui/modal.tsx';

const TEXTS = {
  access: { title: t.tokenTitle, text: t.tokenText, label: t.tokenLabel },
  admin: { title: t.adminTitle, text: t.adminText, label: t.adminLabel },
} as const;

/** Asks for a token until the server accepts it; only then it is kept. It says where a token was revoked. */
export function TokenSheet({ kind, onClose }: { readonly kind: TokenKind; readonly onClose: () => void }) {
  const client = useQueryClient();
  const [token, setToken] = useState('');
  const [rejected, setRejected] = useState<string | null>(null);
  const [revoked] = useState(() => keepsToken(kind));
  const { title, text, label } = TEXTS[kind];

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const welcome = await api.welcomeWith(kind, token.trim());
      const passed = kind === 'access' ? welcome.authorization.passed : welcome.admin_api.passed;
      setRejected(passed ? null : t.tokenWrong);
      if (!passed) return;
      saveToken(kind, token);
      await client.resetQueries();
      onClose();
    } catch (error) {
      setRejected(error instanceof Error ? error.message : String(error));
    }
  };

  const leave = () => {
    // A token that is no longer accepted is forgotten, so the next visit does not send it.
    if (revoked && kind === 'admin') forgetToken(kind);
    onClose();
  };

  return (
    <Sheet label={title} onClose={leave}>
      <form className="token" onSubmit={submit}>
        {revoked && <p className="alarm">{t.tokenRevoked}</p>}
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
