/** What the client put before the API's own path. */
export const baseOf = (request: Request): '' | '/api' =>
  rawPath(request) === '/api' || rawPath(request).startsWith('/api/') ? '/api' : '';

/**
 * The path that routes are matched with: without `/api`, and without a slash at the end, which counts only in a
 * prompt. Not percent-decoded, so that `%2F` stays part of a parameter.
 */
export function apiPath(request: Request): string {
  const path = rawPath(request).slice(baseOf(request).length) || '/';
  const isPrompt = path.startsWith('/search/text/');
  return path.length > 1 && path.endsWith('/') && !isPrompt ? path.slice(0, -1) : path;
}

/** Path of an absolute URL as it stands. */
function rawPath({ url }: Request): string {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  if (start === -1) return '/';
  const end = url.slice(start).search(/[?#]/);
  return end === -1 ? url.slice(start) : url.slice(start, start + end) || '/';
}
