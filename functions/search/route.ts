import type { Context, MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import { type ErrorCode, SemblanceError } from '../../shared/errors.ts';
import type { Guard } from './auth.ts';
import { isMultipart, limitedBody } from './body.ts';
import type { ApiEnv } from './deps.ts';
import { invalidResponse } from './responses.ts';
import { failuresOf, type Place, type ValidationFailure } from './validation.ts';

/**
 * A route as data: what validates its input also writes its part of the OpenAPI document, and tests walk over
 * all of them.
 */
export type RouteSpec = {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** The path in Hono's form; `:prompt{.+}` also matches '/'. */
  readonly path: string;
  readonly access: 'open' | 'access' | 'admin';
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly json?: z.ZodObject;
  /** Parts of a multipart body, for the document; their handlers read them as they stream. */
  readonly multipart?: z.ZodObject;
  /** Body of a success; a text is the media type of what is not JSON. */
  readonly response: z.ZodType | string;
  readonly errors: readonly ErrorCode[];
};

export const defineRoute = <const R extends RouteSpec>(route: R): R => route;

type InOf<S> = S extends z.ZodObject ? z.input<S> : never;
type OutOf<S> = S extends z.ZodObject ? z.output<S> : never;
type OptionalWhenEmpty<K extends string, T> =
  Record<string, never> extends T ? { [P in K]?: T } : { [P in K]: T };

/** A route that takes JSON and multipart takes either. */
type BodyOf<R> = R extends { json: infer J; multipart: infer M }
  ? { json?: InOf<J>; form?: InOf<M> }
  : (R extends { json: infer J } ? { json: InOf<J> } : object) &
      (R extends { multipart: infer M } ? { form: InOf<M> } : object);

type InputOf<R extends RouteSpec> = {
  in: (R extends { params: infer S } ? { param: InOf<S> } : object) &
    (R extends { query: infer S } ? OptionalWhenEmpty<'query', InOf<S>> : object) &
    BodyOf<R>;
  out: (R extends { params: infer S } ? { param: OutOf<S> } : object) &
    (R extends { query: infer S } ? { query: OutOf<S> } : object) &
    (R extends { json: infer S } ? { json: OutOf<S> } : object);
};

/** Largest JSON body, bytes. */
const MAX_JSON = 1_048_576;

/**
 * Lets a request in, in the order that clients know: malformed JSON (422), the token (401; 404 where admin is
 * off), then everything that is wrong with path, query and body at once (422).
 */
export function accept<R extends RouteSpec>(
  guard: Guard,
  route: R,
): MiddlewareHandler<ApiEnv, R['path'], InputOf<R>> {
  const isExact = !route.path.includes(':');
  const names = [...route.path.matchAll(/:(\w+)/g)].map(match => match[1] ?? '');
  return async (c, next) => {
    // In a path of Hono a dot matches any character.
    if (isExact && c.req.path !== route.path) throw new SemblanceError('route_not_found', 'Not Found');
    const asMultipart = route.multipart !== undefined && isMultipart(c);
    const json = asMultipart ? undefined : route.json;
    const body = json ? await readJson(c, json.safeParse({}).success) : { value: undefined, failures: [] };
    if (body.malformed) return invalidResponse(c, body.failures);
    guard(c, route.access);
    const failures = [
      ...parse(c, route.params, 'path', 'param', pathParameters(c, names)),
      ...parse(c, route.query, 'query', 'query', queryParameters(c)),
      ...(body.failures.length > 0 ? body.failures : parse(c, json, 'body', 'json', body.value)),
    ];
    if (failures.length > 0) return invalidResponse(c, failures);
    await next();
    return undefined;
  };
}

function parse(
  c: Context<ApiEnv>,
  schema: z.ZodObject | undefined,
  place: Place,
  target: 'param' | 'query' | 'json',
  value: unknown,
): ValidationFailure[] {
  if (!schema) return [];
  const parsed = schema.safeParse(value, { reportInput: true });
  if (!parsed.success) return failuresOf(parsed.error, place);
  c.req.addValidatedData(target, parsed.data);
  return [];
}

const pathParameters = (c: Context<ApiEnv>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map(name => [name, c.req.param(name) ?? '']));

/** The query parameters. Of a repeated key the last value counts; `+` is a space. */
const queryParameters = (c: Context<ApiEnv>): Record<string, string> =>
  Object.fromEntries(new URL(c.req.url).searchParams);

type JsonBody = {
  readonly value: unknown;
  readonly failures: readonly ValidationFailure[];
  readonly malformed?: boolean;
};

/** @throws request_too_large */
async function readJson(c: Context<ApiEnv>, optional: boolean): Promise<JsonBody> {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && type !== 'application/json' && !/^application\/[\w.-]+\+json$/.test(type)) {
    const failure = {
      type: 'model_attributes_type',
      loc: ['body'],
      msg: 'Input should be a valid dictionary or object to extract fields from',
      input: null,
    };
    return { value: undefined, failures: [failure] };
  }
  const text = new TextDecoder().decode(await limitedBody(c, MAX_JSON));
  if (text === '' && optional) return { value: {}, failures: [] };
  if (text === '')
    return {
      value: undefined,
      failures: [{ type: 'missing', loc: ['body'], msg: 'Field required', input: null }],
    };
  return parseJsonText(text);
}

/** JSON, or the failure that says where it breaks. */
export function parseJsonText(text: string): JsonBody {
  try {
    return { value: JSON.parse(text), failures: [] };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const position = Number(/position (\d+)/.exec(error.message)?.[1] ?? 0);
    const ctx = { error: error.message.slice(0, 200).toWellFormed() };
    return {
      value: undefined,
      failures: [{ type: 'json_invalid', loc: ['body', position], msg: 'JSON decode error', input: {}, ctx }],
      malformed: true,
    };
  }
}
