import { hc } from 'hono/client';
import type { App } from '../../../functions/search/app.ts';
import { t } from '../ui/messages.ts';
import { ApiError, errorOfBody } from './api-error.ts';
import { tokenHeaders } from './tokens.ts';

/** Where the API is, on a laptop and on AWS alike: beside the page, also where a proxy puts both below a path. */
export const API = new URL('api', document.baseURI).pathname;

/** Contract: a url that begins with '/' is the server's own, without the base. */
export const absoluteUrl = (url: string): string => (url.startsWith('/') ? `${API}${url}` : url);

/** The API, typed by its own routes; a rejection is thrown as ApiError. */
export const client = hc<App>(API, { headers: () => tokenHeaders(), fetch: fetchOrThrow });

/** hc's way to pass a signal on. */
export const until = (signal: AbortSignal) => ({ init: { signal } });

/** For a small change: it is sent even where the page is being closed. */
export const evenIfLeaving = { init: { keepalive: true } };

async function fetchOrThrow(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(input, init);
  } catch (cause) {
    if (init?.signal?.aborted) throw cause;
    throw new ApiError(0, '', t.offlineTitle, { cause });
  }
  if (response.ok) return response;
  throw errorOfBody(response.status, await response.text());
}
