import { useEffect, useEffectEvent } from 'react';
import { keepsToken, type TokenKind } from '../api/tokens.ts';
import type { Welcome } from '../api/types.ts';

/**
 * Asks for a token at once where the user has a link to an image, and where the one that this browser keeps opens
 * nothing any more.
 */
export function useRequiredTokens(
  welcome: Welcome | undefined,
  open: string | null,
  ask: (kind: TokenKind) => void,
): void {
  const locked = welcome?.authorization.required === true && !welcome.authorization.passed;
  const adminLocked = welcome?.admin_api.available === true && !welcome.admin_api.passed;
  const access = locked && (open !== null || keepsToken('access'));
  const wanted = access ? 'access' : adminLocked && !locked && keepsToken('admin') ? 'admin' : null;
  const asked = useEffectEvent(ask);
  useEffect(() => {
    if (wanted) asked(wanted);
  }, [wanted]);
}
