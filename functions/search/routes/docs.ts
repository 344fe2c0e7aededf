import { Hono } from 'hono';
import { etag } from 'hono/etag';
import { z } from 'zod';
import type { ApiEnv } from '../deps.ts';
import { DOCS_PAGE, DOCS_POLICY } from '../docs-page.ts';
import { openApiDocument } from '../openapi.ts';
import { accept, defineRoute, type RouteSpec } from '../route.ts';
import type { RouteTools } from '../tools.ts';

const page = { method: 'get', access: 'open', response: 'text/html', errors: [] } as const;

export const docsRoutes = {
  document: defineRoute({
    method: 'get',
    path: '/openapi.json',
    access: 'open',
    summary: 'This document, OpenAPI 3.1',
    response: z.object({
      openapi: z.literal('3.1.0'),
      info: z.record(z.string(), z.unknown()),
      servers: z.array(z.object({ url: z.string() })),
      paths: z.record(z.string(), z.unknown()),
      components: z.record(z.string(), z.unknown()),
    }),
    errors: [],
  }),
  docs: defineRoute({ ...page, path: '/docs', summary: 'The document as a page to read and try' }),
  redoc: defineRoute({ ...page, path: '/redoc', summary: 'The same page, where existing clients link it' }),
};

/** The API's own description. @param routes all of the app's */
export function docsApp({ guard }: RouteTools, routes: readonly RouteSpec[]) {
  const headers = { 'Content-Security-Policy': DOCS_POLICY, 'Cache-Control': 'no-cache' };
  return new Hono<ApiEnv>()
    .get(docsRoutes.document.path, etag(), accept(guard, docsRoutes.document), c =>
      c.json(openApiDocument(routes, c.get('publicBase')), 200, { 'Cache-Control': 'no-cache' }),
    )
    .get(docsRoutes.docs.path, accept(guard, docsRoutes.docs), c => c.html(DOCS_PAGE, 200, headers))
    .get(docsRoutes.redoc.path, accept(guard, docsRoutes.redoc), c => c.html(DOCS_PAGE, 200, headers));
}
