import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  type ApiResponse,
  type CallOptions,
  type DocumentedApi,
  openDocumentedApi,
} from './documented-api.ts';
import { type Drawn, drawImage } from './drawn-images.ts';
import type { Server } from './server.ts';

/** What the suite reads of an Image; that all of it is as documented is checked with every response. */
export const imageSchema = z.looseObject({
  id: z.string(),
  url: z.string(),
  thumbnail_url: z.string().nullable(),
  starred: z.boolean(),
  categories: z.array(z.string()).nullable(),
  comments: z.string().nullable(),
  local: z.boolean(),
  local_thumbnail: z.boolean(),
  width: z.number(),
  height: z.number(),
  format: z.string(),
});
export type Image = z.infer<typeof imageSchema>;

export const foundSchema = z.looseObject({
  message: z.string(),
  query_id: z.uuid(),
  result: z.array(z.looseObject({ img: imageSchema, score: z.number() })),
});
export const listSchema = z.looseObject({
  images: z.array(imageSchema),
  next_page_offset: z.string().nullable(),
});
export const welcomeSchema = z.looseObject({
  authorization: z.object({ required: z.boolean(), passed: z.boolean() }),
  admin_api: z.object({ available: z.boolean(), passed: z.boolean() }),
  available_basis: z.array(z.string()),
  wiki: z.record(z.string(), z.string()),
});
const oneSchema = z.looseObject({ img_status: z.string(), img: imageSchema.nullable() });
const infoSchema = z.looseObject({ image_count: z.number(), index_queue_length: z.number() });
const uploadedSchema = z.looseObject({ image_id: z.uuid() });

/** ms until what was uploaded has to be found. */
const WAIT_MS = 30_000;

export type Uploaded = {
  readonly id: string;
  readonly sha1: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
};

/** A multipart body with one file. */
export function fileForm(
  bytes: Uint8Array<ArrayBuffer>,
  type = 'image/jpeg',
  filename = 'image.jpg',
  part = 'image_file',
): FormData {
  const form = new FormData();
  form.append(part, new Blob([bytes], { type }), filename);
  return form;
}

/** What all cases share; server and responses exist once `open` has run. */
export type Suite = ReturnType<typeof createSuite>;

export function createSuite(start: () => Promise<Server & { close?(): Promise<void> }>) {
  let started: Awaited<ReturnType<typeof start>> | undefined;
  let api: DocumentedApi | undefined;
  let words = false;
  /** By a name that the cases give. */
  const uploads = new Map<string, Uploaded>();
  const cases = new Map<string, number>();

  const server = () => {
    if (!started) throw new Error('The server was not started');
    return started;
  };
  const call = (method: string, path: string, options?: CallOptions): Promise<ApiResponse> => {
    if (!api) throw new Error('The server was not started');
    return api.call(method, path, options);
  };
  const found = async (method: string, path: string, options?: CallOptions) => {
    const response = await call(method, path, options);
    expect(response.status, JSON.stringify(response.json)).toBe(200);
    return foundSchema.parse(response.json).result;
  };
  const uploaded = (key: string): Uploaded => {
    const upload = uploads.get(key);
    if (!upload) throw new Error(`${key} was not uploaded`);
    return upload;
  };
  const upload = (
    bytes: Uint8Array<ArrayBuffer>,
    query: CallOptions['query'] = {},
    type?: string,
    filename?: string,
  ): Promise<ApiResponse> =>
    call('POST', '/admin/upload', {
      query: { local: true, skip_ocr: true, ...query },
      form: fileForm(bytes, type, filename),
    });
  const note = (key: string, bytes: Uint8Array<ArrayBuffer>, { json }: ApiResponse): void => {
    const { image_id: id } = uploadedSchema.parse(json);
    uploads.set(key, { id, bytes, sha1: createHash('sha1').update(bytes).digest('hex') });
  };
  const add = async (
    key: string,
    bytes: Uint8Array<ArrayBuffer>,
    query?: CallOptions['query'],
  ): Promise<void> => {
    const response = await upload(bytes, query);
    expect(response.status, JSON.stringify(response.json)).toBe(200);
    note(key, bytes, response);
  };

  return {
    server,
    uploads,
    call,
    found,
    uploaded,
    upload,
    note,
    add,
    hasWords: () => words,
    /** The same path below /api, also where the suite was pointed there at once. */
    belowApi: (path: string): string => (server().baseUrl.endsWith('/api') ? path : `/api${path}`),
    /** A case, counted for its route. */
    check(route: string, behaviour: string, run: () => Promise<void>): void {
      cases.set(route, (cases.get(route) ?? 0) + 1);
      test(`${route}: ${behaviour}`, run);
    },
    async open(): Promise<void> {
      started = await start();
      api = await openDocumentedApi(started);
      words = welcomeSchema.parse((await call('GET', '/')).json).available_basis.includes('ocr');
    },
    /** Deletes what was uploaded; how many cases each route had. */
    async close(): Promise<string> {
      for (const { id } of uploads.values()) await call('DELETE', `/admin/delete/${id}`);
      await server().close?.();
      const total = [...cases.values()].reduce((sum, count) => sum + count, 0);
      const lines = [...cases].map(([route, count]) => `${String(count).padStart(4)}  ${route}`);
      return [`${cases.size} routes, ${total} cases`, ...lines].join('\n');
    },
    idsOf: async (method: string, path: string, options?: CallOptions): Promise<string[]> =>
      (await found(method, path, options)).map(({ img }) => img.id),
    idOf: (key: string): string => uploaded(key).id,
    async imageOf(id: string): Promise<Image> {
      const { img } = oneSchema.parse((await call('GET', `/images/id/${id}`)).json);
      if (!img) throw new Error(`${id} is still queued`);
      return img;
    },
    load: (url: string): Promise<Response> => fetch(url.startsWith('/') ? server().baseUrl + url : url),
    detailOf: ({ json }: ApiResponse): unknown => z.looseObject({ detail: z.unknown() }).parse(json).detail,
    draw: async (key: string, drawn: Drawn, query?: CallOptions['query']): Promise<void> =>
      add(key, await drawImage(drawn), query),
    /** A drawing that no other upload has the bytes of. */
    unlike: async (drawn: Drawn): Promise<Uint8Array<ArrayBuffer>> =>
      new Uint8Array(Buffer.concat([await drawImage(drawn), randomBytes(16)])),
    info: async () => infoSchema.parse((await call('GET', '/admin/server_info')).json),
    /** Resolves when all that was uploaded is found. */
    async indexed(): Promise<void> {
      const end = Date.now() + WAIT_MS;
      for (const { id } of uploads.values()) {
        for (;;) {
          const { img_status: status } = oneSchema.parse((await call('GET', `/images/id/${id}`)).json);
          if (status === 'mapped') break;
          if (Date.now() > end) throw new Error(`${id} was not indexed within ${WAIT_MS} ms`);
          await sleep(50);
        }
      }
    },
  };
}
