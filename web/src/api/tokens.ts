/** The tokens that the user typed; they stay in this browser. */
const KEYS = { access: 'semblance.access-token', admin: 'semblance.admin-token' } as const;
export type TokenKind = keyof typeof KEYS;

export const saveToken = (kind: TokenKind, token: string): void =>
  localStorage.setItem(KEYS[kind], token.trim());

/** Whether this browser keeps a token of this kind. */
export const keepsToken = (kind: TokenKind): boolean => localStorage.getItem(KEYS[kind]) !== null;

export const forgetToken = (kind: TokenKind): void => localStorage.removeItem(KEYS[kind]);

export const hasToken = (): boolean => Object.values(KEYS).some(key => localStorage.getItem(key) !== null);

export function forgetTokens(): void {
  for (const key of Object.values(KEYS)) localStorage.removeItem(key);
}

/**
 * Headers for every call; a token that was never typed is not sent.
 * @param tried a token that is not kept yet
 */
export function tokenHeaders(tried: Partial<Record<TokenKind, string>> = {}): Record<string, string> {
  const access = tried.access ?? localStorage.getItem(KEYS.access);
  const admin = tried.admin ?? localStorage.getItem(KEYS.admin);
  return {
    ...(access ? { 'X-Access-Token': access } : {}),
    ...(admin ? { 'X-Admin-Token': admin } : {}),
  };
}
