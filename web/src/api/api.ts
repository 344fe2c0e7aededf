import { call, client, until } from './client.ts';
import type { Announcement, Image, ImageChange, Page, QueryPage } from './types.ts';

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
  update: async (id: string, change: ImageChange) => {
    await client.admin.update_opt[':image_id'].$put({ param: { image_id: id }, json: change });
  },
  remove: async (id: string) => {
    await client.admin.delete[':image_id'].$delete({ param: { image_id: id } });
  },
  failures: async (signal: AbortSignal) =>
    (await (await client.admin.failures.$get({}, until(signal))).json()).failures,
  retry: async (ids?: string[]) => {
    await client.admin.failures.retry.$post({ json: { ids: ids ?? null } });
  },
  announce: async (upload: Announcement) => (await client.uploads.$post({ json: upload })).json(),
  events: (signal: AbortSignal): Promise<Response> => client.admin.events.$get({}, until(signal)),
};
