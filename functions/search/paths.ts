import { z } from 'zod';

/** What the client put before the API's own path. */
export const baseOf = (request: Request, env?: unknown): '' | '/api' =>
  /^\/api(?:\/|$)/.test(rawPath(request, env)) ? '/api' : '';

/**
 * The path that routes are matched with: without `/api`, and without a slash at the end, which counts only in a
 * prompt. Not percent-decoded, so that `%2F` stays part of a parameter.
 */
export function apiPath(request: Request, { env }: { readonly env?: unknown } = {}): string {
  const path = rawPath(request, env).slice(baseOf(request, env).length) || '/';
  const isPrompt = path.startsWith('/search/text/');
  return path.length > 1 && path.endsWith('/') && !isPrompt ? path.slice(0, -1) : path;
}

/** What a proxy took off a path before it passed the request on, as it says; '' where it says nothing sensible. */
export const forwardedPrefix = (header: string | undefined): string =>
  /^(?:\/[\w.~-]+)+$/.exec(header?.trim().replace(/\/+$/, '') ?? '')?.[0] ?? '';

const nodeTarget = z.object({ incoming: z.object({ url: z.string().startsWith('/') }) });
const lambdaTarget = z.object({ event: z.object({ rawPath: z.string().startsWith('/') }) });

/**
 * The path as it came over the wire. Not that of the request's URL, in which a prompt `.` or `..` is a step between
 * folders and gone (WHATWG URL §4.4); that one is used where nothing else is known.
 */
function rawPath(request: Request, env: unknown): string {
  const target =
    nodeTarget.safeParse(env).data?.incoming.url ??
    lambdaTarget.safeParse(env).data?.event.rawPath ??
    request.url.slice(request.url.indexOf('/', request.url.indexOf('://') + 3));
  return /^[^?#]*/.exec(target)?.[0] || '/';
}
