import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../shared/errors.ts';
import { errorSchema } from './responses.ts';
import type { RouteSpec } from './route.ts';

type Json = Record<string, unknown>;

/** Errors that any route may respond with beside its own. */
const COMMON: readonly ErrorCode[] = [
  'forbidden_origin',
  'too_many_requests',
  'internal',
  'index_unavailable',
];

/** A route's path in the document's form: `/search/text/{prompt}`. */
export const documentPath = (path: string): string => path.replaceAll(/:(\w+)(?:\{.+?\})?/g, '{$1}');

/** Statuses with which a route may respond, and why. */
function statusesOf(route: RouteSpec): Map<number, ErrorCode[]> {
  const takesInput = route.params || route.query || route.json || route.multipart;
  const codes: ErrorCode[] = [
    ...(takesInput ? (['invalid_request'] as const) : []),
    ...(route.access === 'open' ? [] : (['unauthorized'] as const)),
    ...(route.access === 'admin' ? (['not_found', 'admin_elsewhere'] as const) : []),
    ...(route.json ? (['request_too_large'] as const) : []),
    ...route.errors,
    ...COMMON,
  ];
  const statuses = new Map<number, ErrorCode[]>();
  for (const code of new Set(codes)) {
    const { status } = ERRORS[code];
    statuses.set(status, [...(statuses.get(status) ?? []), code]);
  }
  return statuses;
}

/**
 * The OpenAPI 3.1 document of these routes, from the schemas that validate them.
 * @param base '', '/api' or with a proxy's prefix, the server's URL in it
 */
export function openApiDocument(routes: readonly RouteSpec[], base: string) {
  const schemas: Json = {};
  const toSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => hoist(schema, io, schemas);
  const error = toSchema(errorSchema, 'output');

  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = documentPath(route.path);
    const item = paths[path] ?? {};
    item[route.method] = operationOf(route, toSchema, error);
    paths[path] = item;
  }
  return {
    openapi: '3.1.0' as const,
    info: {
      title: 'Semblance',
      version: '0.1.0',
      description: 'Find images by meaning. Every path works below `/` and below `/api` alike.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: base || '/' }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        access: { type: 'apiKey', in: 'header', name: 'X-Access-Token' },
        admin: { type: 'apiKey', in: 'header', name: 'X-Admin-Token' },
      },
    },
  };
}

type ToSchema = (schema: z.ZodType, io: 'input' | 'output') => Json;

function operationOf(route: RouteSpec, toSchema: ToSchema, error: Json): Json {
  const content = {
    ...(route.json ? { 'application/json': { schema: toSchema(route.json, 'input') } } : {}),
    ...(route.multipart ? { 'multipart/form-data': { schema: toSchema(route.multipart, 'input') } } : {}),
  };
  const success =
    typeof route.response === 'string'
      ? { [route.response]: {} }
      : { 'application/json': { schema: toSchema(route.response, 'output') } };
  const failures = [...statusesOf(route)].map(([status, codes]): [string, Json] => [
    String(status),
    {
      description: codes.map(code => `${code}: ${ERRORS[code].advice}`).join(' '),
      content: { 'application/json': { schema: error } },
    },
  ]);
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.path.split('/')[1] || 'server'],
    ...(route.access === 'open' ? {} : { security: [{ [route.access]: [] }] }),
    parameters: [
      ...parametersOf(route.params, 'path', toSchema),
      ...parametersOf(route.query, 'query', toSchema),
    ],
    ...(Object.keys(content).length > 0
      ? { requestBody: { required: !route.json?.safeParse({}).success, content } }
      : {}),
    responses: { 200: { description: 'Success', content: success }, ...Object.fromEntries(failures) },
  };
}

const operationId = ({ method, path }: RouteSpec): string =>
  method +
  (path === '/' ? 'Welcome' : path.replaceAll(/[^a-zA-Z]+(\w?)/g, (_, next: string) => next.toUpperCase()));

function parametersOf(object: z.ZodObject | undefined, place: 'path' | 'query', toSchema: ToSchema): Json[] {
  return Object.entries(object?.shape ?? {}).map(([name, field]) => {
    const { description, ...schema } = toSchema(field as z.ZodType, 'input');
    return {
      name,
      in: place,
      required: place === 'path' || !(field as z.ZodType).safeParse(undefined).success,
      ...(description ? { description } : {}),
      schema,
    };
  });
}

const withDefinitions = z.looseObject({ $defs: z.record(z.string(), z.unknown()).optional() });

/** JSON Schema of one schema; named ones move to the document's components. */
function hoist(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const json = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const text = JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema: _, id, $defs = {}, ...own } = withDefinitions.parse(JSON.parse(text));
  for (const [name, definition] of Object.entries($defs)) components[name] = withoutId(definition);
  if (typeof id !== 'string') return own;
  components[id] = own;
  return { $ref: `#/components/schemas/${id}` };
}

const withoutId = (definition: unknown): Json => {
  const { id: _, ...rest } = z.looseObject({}).parse(definition);
  return rest;
};
