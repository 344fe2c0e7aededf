import { call, client, until } from './client.ts';
import type { Failure, Image, Page, QueryPage } from './types.ts';

const json = (method: string, body: unknown, signal?: AbortSignal): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { 'Content-Type': 'application/json' },
  ...(signal ? { signal } : {}),
});

export const api = {
  welcome: async (signal: AbortSignal) => (await client.index.$get({}, until(signal))).json(),
  query: async (query: unknown, file: Blob | null, signal: AbortSignal): Promise<QueryPage> => {
    if (!file) return (await call('/search/query', json('POST', query, signal))).json();
    const form = new FormData();
    form.set('query', JSON.stringify(query));
    form.set('file', file);
    return (await call('/search/query', { method: 'POST', body: form, signal })).json();
  },
  random: async (query: Record<string, string>, signal: AbortSignal): Promise<Page> =>
    (await client.search.random.$get({ query }, until(signal))).json(),
  similar: async (id: string, count: number, signal: AbortSignal) =>
    (
      await client.search.similar[':image_id'].$get(
        { param: { image_id: id }, query: { count: String(count) } },
        until(signal),
      )
    ).json(),
  image: async (id: string, signal: AbortSignal): Promise<Image | null> =>
    (await (await client.images.id[':image_id'].$get({ param: { image_id: id } }, until(signal))).json()).img,
  /** Pictures that look the same as this one, without it. */
  duplicates: async (id: string, signal: AbortSignal) => {
    const route = client.images.id[':image_id']['similar-groups'];
    const { groups } = await (await route.$get({ param: { image_id: id } }, until(signal))).json();
    return groups.flatMap(group => group.images.map(({ img }) => img)).filter(img => img.id !== id);
  },
  update: async (id: string, change: Partial<Image>) => {
    await call(`/admin/update_opt/${id}`, json('PUT', change));
  },
  remove: async (id: string) => {
    await call(`/admin/delete/${id}`, { method: 'DELETE' });
  },
  failures: async (signal: AbortSignal): Promise<Failure[]> =>
    (await (await call('/admin/failures', { signal })).json()).failures,
  retry: async (ids?: readonly string[]) => {
    await call('/admin/failures/retry', json('POST', ids ? { ids } : {}));
  },
};
