import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openApiDocument } from '../../functions/search/openapi.ts';
import { allRoutes } from '../../functions/search/route-table.ts';
import { sha1Hex } from '../../shared/catalog/ids.ts';
import { type DocumentedApi, openDocumentedApi } from '../contract-http/documented-api.ts';
import { drawImage } from '../contract-http/drawn-images.ts';
import { type LocalServer, startLocalServer } from '../contract-http/local-server.ts';

const LONGEST_MS = 60_000;

const schemaSchema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  format: z.string().optional(),
});
const operationSchema = z.looseObject({
  parameters: z.array(z.object({ name: z.string(), in: z.string(), schema: z.unknown() })),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.unknown() })) })
    .optional(),
});
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});
const document = documentSchema.parse(openApiDocument(allRoutes, ''));

const ids: string[] = [];

/** Texts that have broken servers before. */
const NASTY = [
  '',
  ' ',
  '/',
  '%2F',
  '..',
  '../../etc/passwd',
  '\0',
  '\ud800',
  'ﷺ',
  '🏳️‍🌈'.repeat(50),
  '\u202eabc',
  "'; DROP TABLE points; --",
  '{{7*7}}',
  '<script>',
  '-0',
  '1e999',
  'NaN',
  '0x10',
  '９',
  '9'.repeat(400),
  'true',
  'null',
  '[]',
  '__proto__',
  'constructor',
  'x'.repeat(10_000),
];
const nastyText = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer().map(String),
  fc.double().map(String),
  fc.constantFrom(...Array.from({ length: 2 }, (_, i) => i)).map(i => ids[i] ?? ''),
);
const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  nastyText,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(nastyText, { maxLength: 20 }),
  fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }),
  fc.jsonValue(),
);

/** Values as a schema wants them, with something else now and then. */
function anyOf(given: unknown, depth = 0): fc.Arbitrary<unknown> {
  const schema = schemaSchema.parse(given ?? {});
  const fitting = (): fc.Arbitrary<unknown> => {
    const name = schema.$ref?.split('/').at(-1);
    if (name !== undefined) return anyOf(document.components.schemas[name], depth + 1);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    if (schema.anyOf) return fc.oneof(...schema.anyOf.map(option => anyOf(option, depth + 1)));
    switch ([schema.type].flat()[0]) {
      case 'integer':
        return fc.oneof(fc.integer({ min: 0, max: 20 }), fc.maxSafeInteger());
      case 'number':
        return fc.double({ min: -2, max: 2, noNaN: true });
      case 'boolean':
        return fc.boolean();
      case 'array':
        return fc.array(anyOf(schema.items, depth + 1), { maxLength: 5 });
      case 'object': {
        const fields = Object.entries(schema.properties ?? {}).map(([key, field]) => [
          key,
          anyOf(field, depth + 1),
        ]);
        return fc.record(Object.fromEntries(fields), { requiredKeys: [] });
      }
      default:
        return schema.format === 'uuid' ? fc.constantFrom(0, 1).map(i => ids[i] ?? '') : nastyText;
    }
  };
  return fc.oneof(
    { weight: 5, arbitrary: fitting() },
    { weight: depth === 0 ? 1 : 2, arbitrary: nastyValue },
  );
}

/** Multipart bodies that are whole, and bodies that only say so. */
const multipart = fc.oneof(
  fc
    .record({
      names: fc.array(fc.constantFrom('image', 'image_file', 'file', 'query', 'x'), { maxLength: 4 }),
      content: nastyText,
    })
    .map(({ names, content }) => {
      const form = new FormData();
      for (const name of names) form.append(name, new Blob([content]), `${content.slice(0, 20)}.jpg`);
      return { form };
    }),
  fc.tuple(nastyText, nastyText).map(([boundary, body]) => ({
    body,
    headers: {
      'Content-Type': `multipart/form-data; boundary=${encode(boundary).slice(0, 60)}`,
    },
  })),
);

/** As it goes into a path or a query. */
const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

const encode = (text: string): string => encodeURIComponent(text.toWellFormed());

/**
 * Calls every route of the document with inputs made from it, fitting and not.
 * @param seed that of the runs; printed, so that they can be had again
 */
export function fuzzRoutes(runs: number, seed: number): void {
  let server: LocalServer;
  let api: DocumentedApi;
  beforeAll(async () => {
    server = await startLocalServer();
    api = await openDocumentedApi(server);
    for (const emoji of ['cat-face', 'dog-face']) {
      const bytes = await drawImage({ emoji });
      const record = {
        local: true,
        url: null,
        thumbnail_url: null,
        thumbnail: 'always',
        starred: false,
        categories: null,
        comments: null,
        skip_ocr: true,
      } as const;
      const upload = {
        body: bytes,
        bytes: bytes.length,
        sha1: sha1Hex(bytes),
        format: 'jpeg',
        record,
      } as const;
      ids.push((await server.deps.library.upload(upload)).id);
    }
    await server.idle();
  });
  afterAll(() => server.close());

  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (path === '/admin/events') continue; // never ends; see events.test.ts
      describe(`${method.toUpperCase()} ${path}`, () => {
        const json = operation.requestBody?.content['application/json']?.schema;
        const takesFiles = operation.requestBody?.content['multipart/form-data'] !== undefined;
        const inputs = fc.record({
          path: fc.record(
            Object.fromEntries(
              operation.parameters
                .filter(p => p.in === 'path')
                .map(p => [p.name, anyOf(p.schema).map(asText)]),
            ),
          ),
          query: fc.record(
            Object.fromEntries(
              operation.parameters
                .filter(p => p.in === 'query')
                .map(p => [p.name, anyOf(p.schema).map(asText)]),
            ),
            { requiredKeys: [] },
          ),
          body: fc.oneof(
            ...(json ? [anyOf(json).map(value => ({ json: value }))] : []),
            ...(takesFiles ? [multipart] : []),
            ...(json || takesFiles
              ? [nastyText.map(body => ({ body, headers: { 'Content-Type': 'application/json' } }))]
              : [fc.constant({})]),
          ),
        });

        test(
          'any request gets a documented response: no fault, no hang',
          async () => {
            await fc.assert(
              fc.asyncProperty(inputs, async input => {
                const url = Object.entries(input.path).reduce(
                  (text, [name, value]) => text.replace(`{${name}}`, () => encode(value ?? '')),
                  path,
                );
                const query = Object.entries(input.query)
                  .map(([name, value]) => `${name}=${encode(value ?? '')}`)
                  .join('&');
                const started = performance.now();
                const { status } = await api.call(
                  method.toUpperCase(),
                  query ? `${url}?${query}` : url,
                  input.body,
                );
                expect(status).toBeLessThan(500);
                expect(performance.now() - started).toBeLessThan(LONGEST_MS);
              }),
              { numRuns: runs, seed },
            );
            expect(server.log.filter(({ level }) => level === 'error')).toEqual([]);
          },
          runs * 2_000 + 120_000,
        );
      });
    }
  }
}
