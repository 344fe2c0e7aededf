import { ApiError, errorOfBody } from './api-error.ts';
import { tokenHeaders } from './tokens.ts';
import type { Failure, Image, Page, ServerInfo, SimilarGroup, Welcome } from './types.ts';

/** Where the API is, on a laptop and on AWS alike. */
export const API = '/api';

/** Contract: a url that begins with '/' is the server's own, without the base. */
export const absoluteUrl = (url: string): string => (url.startsWith('/') ? `${API}${url}` : url);

export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`${API}${path}`, { ...init, headers: { ...tokenHeaders(), ...init.headers } });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, '', String(cause), { cause });
  }
  if (response.ok) return response;
  throw errorOfBody(response.status, await response.text());
}

const json = (method: string, body: unknown, signal?: AbortSignal): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { 'Content-Type': 'application/json' },
  ...(signal ? { signal } : {}),
});

const get = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await call(path, signal ? { signal } : {})).json();

export const api = {
  welcome: (signal: AbortSignal) => get<Welcome>('/', signal),
  query: async (query: unknown, file: Blob | null, signal: AbortSignal): Promise<Page> => {
    if (!file) return (await call('/search/query', json('POST', query, signal))).json();
    const form = new FormData();
    form.set('query', JSON.stringify(query));
    form.set('file', file);
    return (await call('/search/query', { method: 'POST', body: form, signal })).json();
  },
  random: (params: Record<string, string>, signal: AbortSignal) =>
    get<Page>(`/search/random?${new URLSearchParams(params)}`, signal),
  similar: (id: string, count: number, signal: AbortSignal) =>
    get<Page>(`/search/similar/${id}?count=${count}`, signal),
  image: async (id: string, signal: AbortSignal) =>
    (await get<{ img: Image | null }>(`/images/id/${id}`, signal)).img,
  groups: (id: string, signal: AbortSignal) =>
    get<{ groups: SimilarGroup[] }>(`/images/id/${id}/similar-groups`, signal),
  update: async (id: string, change: Partial<Image>) => {
    await call(`/admin/update_opt/${id}`, json('PUT', change));
  },
  remove: async (id: string) => {
    await call(`/admin/delete/${id}`, { method: 'DELETE' });
  },
  info: (signal: AbortSignal) => get<ServerInfo>('/admin/server_info', signal),
  failures: async (signal: AbortSignal) =>
    (await get<{ failures: Failure[] }>('/admin/failures', signal)).failures,
  retry: async (ids?: readonly string[]) => {
    await call('/admin/failures/retry', json('POST', ids ? { ids } : {}));
  },
};
