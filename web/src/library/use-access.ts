import { useQuery } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { isOffline, WAKE } from '../api/api-error.ts';

/** What the server says of itself, and what it allows with the tokens of this browser. */
export function useAccess() {
  const { data: welcome, error } = useQuery({
    queryKey: ['welcome'],
    queryFn: ({ signal }) => api.welcome(signal),
    refetchInterval: query => (query.state.status === 'error' ? WAKE : false),
  });
  const authorization = welcome?.authorization;
  const admin = welcome?.admin_api.passed ?? false;
  return {
    /** Undefined until the server has responded. */
    welcome,
    /** Whether the server does not respond. */
    offline: isOffline(error),
    /** Whether a token is needed to see anything. */
    locked: authorization?.required === true && !authorization.passed,
    admin,
    /** Whether links for strangers can be made. */
    sharing: admin && welcome?.semblance.sharing === true,
    /** Whether words in images can be searched. */
    ocr: new Set<string>(welcome?.available_basis).has('ocr'),
  };
}
