import type { ExtractSchema } from 'hono/types';
import type { z } from 'zod';
import type { App } from './app.ts';
import type { RouteSpec } from './route.ts';
import type { Route } from './route-table.ts';

/** What an app's handlers respond, by path and method, as a typed client knows it. */
type Outputs = Record<string, Record<string, { output: unknown }>>;

type OutputOf<S extends Outputs, R extends RouteSpec> = R['path'] extends keyof S
  ? `$${R['method']}` extends keyof S[R['path']]
    ? S[R['path']][`$${R['method']}`]['output']
    : never
  : never;

/** Fields of any of several objects. */
type FieldsOf<T> = T extends unknown ? keyof T : never;

/**
 * The routes whose handler responds with something else than their schema declares: a field that is missing or of
 * another type, or one that is not declared. A route that is declared but not handled is one of them too.
 */
export type Drifted<S extends Outputs, R extends RouteSpec> = R extends {
  response: infer Z extends z.ZodType;
}
  ? [OutputOf<S, R>] extends [never]
    ? `${R['method']} ${R['path']}`
    : OutputOf<S, R> extends z.output<Z>
      ? FieldsOf<OutputOf<S, R>> extends FieldsOf<z.output<Z>>
        ? never
        : `${R['method']} ${R['path']}`
      : `${R['method']} ${R['path']}`
  : never;

export type None<T extends never> = T;

/** Where a handler drifted from its schema the compiler says so here, and names the route. */
export type AllResponsesAsDeclared = None<Drifted<ExtractSchema<App>, Route>>;
