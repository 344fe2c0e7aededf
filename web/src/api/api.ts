import { isNotFound } from './api-error.ts';
import { client, evenIfLeaving, until } from './client.ts';
import { type TokenKind, tokenHeaders } from './tokens.ts';
import type {
  Announcement,
  Image,
  ImageChange,
  ImagesChange,
  ListFilter,
  Page,
  QueryBody,
  RandomQuery,
  Shown,
  WordLine,
} from './types.ts';

/** What the page asks of the API. */
export const api = {
  welcome: async (signal: AbortSignal) => (await client.index.$get({}, until(signal))).json(),
  /** What a token would open that is not kept yet. */
  welcomeWith: async (kind: TokenKind, token: string) => {
    const headers = tokenHeaders({ [kind]: token });
    return (await client.index.$get({}, { headers, ...until(AbortSignal.timeout(15_000)) })).json();
  },
  /** @param files the images that criteria name by their number */
  query: async (query: QueryBody, files: readonly Blob[], signal: AbortSignal): Promise<Page> => {
    const body =
      files.length > 0
        ? { form: { query: JSON.stringify(query), file: files.map(file => new File([file], 'image')) } }
        : { json: query };
    const started = performance.now();
    const response = await client.search.query.$post(body, until(signal));
    const { result, notices, facets } = await response.json();
    return { result, notices, facets, took: performance.now() - started };
  },
  /** Images in an order, a page of them, and where the next begins. */
  list: async (query: QueryBody, signal: AbortSignal): Promise<Page & { next: string | null }> => {
    const response = await client.search.query.$post({ json: query }, until(signal));
    const { result, facets, next_cursor: next } = await response.json();
    return { result, facets, notices: [], took: null, next };
  },
  /** What images can be filtered by, the most frequent first. */
  facets: async (signal: AbortSignal): Promise<Page['facets']> => {
    const query = {
      order_by: 'added',
      count: 1,
      facets: ['categories', 'folders', 'cameras', 'lenses'],
    } as const;
    const json = { ...query, facets: [...query.facets] };
    return (await (await client.search.query.$post({ json }, until(signal))).json()).facets;
  },
  /** How many images were taken in each month (YYYY-MM), the latest first. */
  months: async (filter: ListFilter, signal: AbortSignal) =>
    (await (await client.images.months.$get({ query: filter }, until(signal))).json()).months,
  random: async (query: RandomQuery, signal: AbortSignal): Promise<Page> => {
    const { result } = await (await client.search.random.$get({ query }, until(signal))).json();
    return {
      result: result.map(({ img }) => ({ img, score: null, explain: null, band: null })),
      notices: [],
      facets: {},
      took: null,
    };
  },
  similar: async (id: string, count: number, signal: AbortSignal): Promise<Image[]> => {
    const route = client.search.similar[':image_id'];
    const response = await route.$get(
      { param: { image_id: id }, query: { count: String(count) } },
      until(signal),
    );
    return (await response.json()).result.map(({ img }) => img);
  },
  /** Null while it waits to be indexed. */
  image: async (id: string, signal: AbortSignal): Promise<Image | null> =>
    (await (await client.images.id[':image_id'].$get({ param: { image_id: id } }, until(signal))).json()).img,
  /** Whether an image is indexed, waits for that, or is not in the library. */
  imageState: async (id: string, signal: AbortSignal): Promise<'indexed' | 'waiting' | 'gone'> => {
    try {
      return (await api.image(id, signal)) ? 'indexed' : 'waiting';
    } catch (error) {
      if (isNotFound(error)) return 'gone';
      throw error;
    }
  },
  /** Where the image is in full resolution as browsers show it; made now where its format is none of theirs. */
  rendition: async (id: string, signal: AbortSignal): Promise<string> => {
    const route = client.images.id[':image_id'].rendition;
    return (await (await route.$get({ param: { image_id: id } }, until(signal))).json()).url;
  },
  /** The lines of words in an image, and where they are. */
  words: async (id: string, signal: AbortSignal): Promise<readonly WordLine[]> => {
    const route = client.images.id[':image_id'].words;
    return (await (await route.$get({ param: { image_id: id } }, until(signal))).json()).lines;
  },
  /** Images that look the same as this one, without it. */
  duplicates: async (id: string, signal: AbortSignal): Promise<Image[]> => {
    const route = client.images.id[':image_id']['similar-groups'];
    const { groups } = await (await route.$get({ param: { image_id: id } }, until(signal))).json();
    return groups.flatMap(group => group.images.map(({ img }) => img)).filter(img => img.id !== id);
  },
  /** Groups of images that look the same, a page of them, and where the next begins. */
  allDuplicates: async (offset: string | null, signal: AbortSignal) => {
    const query = offset === null ? {} : { prev_offset_id: offset };
    const { groups, next_page_offset: next } = await (
      await client.images.duplicates.$get({ query }, until(signal))
    ).json();
    return { groups: groups.map(group => group.images.map(({ img }) => img)), next };
  },
  /** The version that the annotations have now. @throws ApiError; 412 with what there is, where `version` is old */
  update: async (id: string, change: ImageChange): Promise<string> => {
    const route = client.admin.update_opt[':image_id'];
    const response = await route.$put({ param: { image_id: id }, json: change }, evenIfLeaving);
    return (await response.json()).version;
  },
  remove: async (id: string): Promise<void> => {
    await client.admin.delete[':image_id'].$delete({ param: { image_id: id } });
  },
  /** The same change for many images; what became of each. */
  updateMany: async (ids: string[], set: ImagesChange) =>
    (await (await client.admin.images.$put({ json: { ids, set } })).json()).results,
  removeMany: async (ids: string[]) =>
    (await (await client.admin.images.$delete({ json: { ids } })).json()).results,
  trash: async (signal: AbortSignal) =>
    (await (await client.admin.trash.$get({}, until(signal))).json()).images,
  /** What became of each. */
  restore: async (ids: string[]) =>
    (await (await client.admin.trash.restore.$post({ json: { ids } })).json()).results,
  /** Deletes for good. */
  emptyTrash: async (ids: string[]): Promise<void> => {
    await client.admin.trash.$delete({ json: { ids } });
  },
  serverInfo: async (signal: AbortSignal) => (await client.admin.server_info.$get({}, until(signal))).json(),
  /** The files of several images; `url` of them all as one zip, where the server can write it. */
  download: async (ids: string[]) => (await client.downloads.$post({ json: { ids } })).json(),
  /** What a map of the images is drawn by, a page of them, and where the next begins. */
  sketches: async (offset: string | null, signal: AbortSignal) => {
    const query = offset === null ? {} : { prev_offset_id: offset };
    const page = await (await client.images.sketches.$get({ query }, until(signal))).json();
    return { ...page, next: page.next_page_offset };
  },
  albums: async (signal: AbortSignal) => (await (await client.albums.$get({}, until(signal))).json()).albums,
  changeAlbum: async (category: string, change: { cover?: string; pinned?: boolean }): Promise<void> => {
    const route = client.admin.albums[':category{.+}'];
    await route.$put({ param: { category: encodeURIComponent(category) }, json: change });
  },
  savedSearches: async (signal: AbortSignal) =>
    (await (await client['saved-searches'].$get({}, until(signal))).json()).searches,
  saveSearch: async (search: { name: string; pinned: boolean; query: QueryBody }): Promise<void> => {
    await client.admin['saved-searches'].$post({ json: search });
  },
  changeSearch: async (id: string, change: { name?: string; pinned?: boolean }): Promise<void> => {
    await client.admin['saved-searches'][':search_id'].$put({ param: { search_id: id }, json: change });
  },
  forgetSearch: async (id: string): Promise<void> => {
    await client.admin['saved-searches'][':search_id'].$delete({ param: { search_id: id } });
  },
  /** Makes a link that shows one image, or what a search finds, without a token. */
  share: async (shows: Shown, seconds: number) =>
    (await (await client.admin.shares.$post({ json: { ...shows, seconds } })).json()).share,
  shares: async (signal: AbortSignal) =>
    (await (await client.admin.shares.$get({}, until(signal))).json()).shares,
  revokeShare: async (id: string): Promise<void> => {
    await client.admin.shares[':share_id'].$delete({ param: { share_id: id } });
  },
  /** What such a link shows, a page of it. */
  openShare: async (token: string, page: { cursor?: string; skip?: string }, signal: AbortSignal) =>
    (await client.shares[':token'].$get({ param: { token }, query: page }, until(signal))).json(),
  failures: async (signal: AbortSignal) =>
    (await (await client.admin.failures.$get({}, until(signal))).json()).failures,
  retry: async (ids?: string[]): Promise<void> => {
    await client.admin.failures.retry.$post({ json: { ids: ids ?? null } });
  },
  announce: async (upload: Announcement) => (await client.uploads.$post({ json: upload })).json(),
  /** Server-sent events, as they come. */
  events: (signal: AbortSignal): Promise<Response> => client.admin.events.$get({}, until(signal)),
};
