import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { z } from 'zod';
import type { Server } from './server.ts';

const documentSchema = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ responses: z.record(z.string(), z.unknown()) })),
  ),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});
export type ApiDocument = z.infer<typeof documentSchema>;

export type CallOptions = {
  readonly query?: Record<string, string | number | boolean>;
  readonly json?: unknown;
  readonly form?: FormData;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
  /** Which tokens are sent; default both. */
  readonly tokens?: 'both' | 'none';
};

export type ApiResponse = {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** Parsed JSON; undefined when it is none. */
  readonly json: unknown;
};

/** An API called by HTTP alone, every response held against the document that the server itself gives. */
export type DocumentedApi = {
  readonly document: ApiDocument;
  /** @param path as it goes over the wire, percent-encoded */
  call(method: string, path: string, options?: CallOptions): Promise<ApiResponse>;
};

export async function openDocumentedApi(server: Server): Promise<DocumentedApi> {
  const document = documentSchema.parse(await (await fetch(`${server.baseUrl}/openapi.json`)).json());
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'api', ...document });
  const validators = new Map<string, ValidateFunction>();

  function check(method: string, path: string, response: ApiResponse): void {
    const template = templateOf(document, path);
    const operation = template === undefined ? undefined : document.paths[template]?.[method.toLowerCase()];
    if (template === undefined || !operation) return;
    const status = response.status === 206 ? '200' : String(response.status);
    if (response.status === 304 || response.status === 416) return;
    if (!(status in operation.responses))
      throw new Error(`${method} ${template} responds ${status}, which its document does not name`);
    const type = (response.headers.get('Content-Type') ?? '').split(';')[0] ?? '';
    if (type !== 'application/json') return;
    const pointer = ['paths', template, method.toLowerCase(), 'responses', status, 'content', type, 'schema'];
    const reference = `api#/${pointer.map(part => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
    const validate = validators.get(reference) ?? ajv.compile({ $ref: reference });
    validators.set(reference, validate);
    if (!validate(response.json))
      throw new Error(
        `${method} ${template} responds ${status} unlike its document: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(response.json).slice(0, 1000)}`,
      );
  }

  return {
    document,
    async call(method, path, options = {}) {
      const { query = {}, json, form, tokens = 'both' } = options;
      const search = new URLSearchParams(
        Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
      );
      const headers: Record<string, string> = {
        ...(tokens === 'both' && server.accessToken ? { 'X-Access-Token': server.accessToken } : {}),
        ...(tokens === 'both' && server.adminToken ? { 'X-Admin-Token': server.adminToken } : {}),
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...options.headers,
      };
      const body = form ?? options.body ?? (json === undefined ? undefined : JSON.stringify(json));
      const url = `${server.baseUrl}${path}${search.size > 0 ? `?${search}` : ''}`;
      const received = await fetch(url, { method, headers, redirect: 'manual', ...(body ? { body } : {}) });
      const bytes = new Uint8Array(await received.arrayBuffer());
      const response: ApiResponse = {
        status: received.status,
        headers: received.headers,
        bytes,
        json: parse(bytes),
      };
      // The path is as it was sent: '..' is never sent.
      check(method, new URL(url).pathname.slice(new URL(server.baseUrl).pathname.length - 1), response);
      return response;
    },
  };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** The document's path that a real one is of; a prompt and a static file may hold '/'. */
function templateOf(document: ApiDocument, path: string): string | undefined {
  const plain = path.replace(/^\/api(?=\/|$)/, '').replace(/(?<=.)\/$/, '') || '/';
  return Object.keys(document.paths)
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .find(template =>
      new RegExp(
        `^${template.replaceAll(/\{(\w+)\}/g, (_, name) => (name === 'prompt' || name === 'file' ? '.+' : '[^/]+'))}$`,
      ).test(plain),
    );
}
