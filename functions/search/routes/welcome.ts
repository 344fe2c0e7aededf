import type { Context } from 'hono';
import { Hono } from 'hono';
import { z } from 'zod';
import type { Standing } from '../auth.ts';
import type { About, ApiEnv } from '../deps.ts';
import { prefersHtml } from '../negotiation.ts';
import { accept, defineRoute } from '../route.ts';
import { servePage } from '../serve-page.ts';
import type { RouteTools } from '../tools.ts';

export const welcomeRoutes = {
  welcome: defineRoute({
    method: 'get',
    path: '/',
    access: 'open',
    summary: 'What this server offers, and what your tokens open',
    response: z.object({
      message: z.string(),
      server_time: z.string(),
      wiki: z.record(z.string(), z.string()),
      authorization: z.object({ required: z.boolean(), passed: z.boolean() }),
      admin_api: z.object({ available: z.boolean(), passed: z.boolean() }),
      available_basis: z.array(z.enum(['vision', 'ocr'])),
      semblance: z.object({
        gallery: z.enum(['demo', 'folder', 'bucket']),
        model: z.object({ name: z.string(), demo: z.boolean(), languages: z.array(z.string()) }),
        notice: z.string().nullable(),
        sharing: z.boolean().describe('Whether links for strangers can be made.'),
      }),
    }),
    errors: [],
  }),
};

const aboutResponse = ({ gallery, notice, model: { name, demo, languages } }: About) => ({
  gallery,
  notice,
  model: { name, demo, languages: [...languages] },
});

/** GET /: JSON, or the gallery page for browsers. */
export function welcomeApp({ deps, guard }: RouteTools, standing: (c: Context<ApiEnv>) => Standing) {
  return new Hono<ApiEnv>().get(welcomeRoutes.welcome.path, accept(guard, welcomeRoutes.welcome), async c => {
    const [base, publicBase] = [c.get('base'), c.get('publicBase')];
    c.header('Vary', 'Accept', { append: true });
    const html = base === '' && prefersHtml(c.req.header('Accept')) && servePage(c, deps.page, '/index.html');
    // The page is not part of the typed API.
    if (html) return html as never;
    return c.json({
      message: 'Semblance: find images by meaning.',
      server_time: new Date().toISOString(),
      wiki: {
        openAPI: `${publicBase}/openapi.json`,
        'swagger UI': `${publicBase}/docs`,
        redoc: `${publicBase}/redoc`,
      },
      ...standing(c),
      available_basis: deps.ocrText ? (['vision', 'ocr'] as const) : (['vision'] as const),
      semblance: { ...aboutResponse(deps.about), sharing: deps.access.sharing === true },
    });
  });
}
