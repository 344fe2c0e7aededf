import { Hono } from 'hono';
import type { ExtractSchema } from 'hono/types';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { Drifted } from './response-types.ts';
import { defineRoute } from './route.ts';

const route = { method: 'get', path: '/a', access: 'open', summary: '', errors: [] } as const;
const declared = defineRoute({
  ...route,
  response: z.object({ count: z.number(), name: z.string().nullable() }),
});
const surprised = defineRoute({
  ...route,
  response: z.object({ count: z.number(), name: z.string().nullable(), surprise: z.string() }),
});
const narrowed = defineRoute({ ...route, response: z.object({ count: z.number() }) });
const retyped = defineRoute({
  ...route,
  response: z.object({ count: z.string(), name: z.string().nullable() }),
});
const elsewhere = defineRoute({ ...route, path: '/b', response: z.object({ count: z.number() }) });

const app = new Hono().get('/a', c => c.json({ count: 1, name: Math.random() > 2 ? 'x' : null }));
type Outputs = ExtractSchema<typeof app>;

/** Checked by `npm run typecheck`; the whole app is checked the same way in response-types.ts. */
test('a handler that responds as declared compiles, any drift is an error that names the route', () => {
  expectTypeOf<Drifted<Outputs, typeof declared>>().toEqualTypeOf<never>();
  expectTypeOf<Drifted<Outputs, typeof surprised>>().toEqualTypeOf<'get /a'>();
  expectTypeOf<Drifted<Outputs, typeof narrowed>>().toEqualTypeOf<'get /a'>();
  expectTypeOf<Drifted<Outputs, typeof retyped>>().toEqualTypeOf<'get /a'>();
  expectTypeOf<Drifted<Outputs, typeof elsewhere>>().toEqualTypeOf<'get /b'>();
});
