import { Hono, type MiddlewareHandler } from 'hono';
import { COMPRESSIBLE_CONTENT_TYPE_REGEX, compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { HTTPException } from 'hono/http-exception';
import { requestId } from 'hono/request-id';
import { SemblanceError } from '../../shared/errors.ts';
import { namingEmoji } from '../../shared/search/emoji.ts';
import { rememberingTexts } from '../../shared/search/text-vectors.ts';
import { createGuard } from './auth.ts';
import { drainUnread } from './body.ts';
import { cors } from './cors.ts';
import type { ApiEnv, AppDeps } from './deps.ts';
import { apiPath, baseOf, forwardedPrefix } from './paths.ts';
import { rateLimit } from './rate-limit.ts';
import { requestLog } from './request-log.ts';
import { errorResponse, thrownResponse } from './responses.ts';
import { allRoutes, matchingMethods } from './route-table.ts';
import { routerOnly } from './router-only.ts';
import { adminApp } from './routes/admin.ts';
import { docsApp } from './routes/docs.ts';
import { downloadsApp } from './routes/downloads.ts';
import { duplicatesApp } from './routes/duplicates.ts';
import { imageApp } from './routes/image.ts';
import { imagesApp } from './routes/images.ts';
import { operationsApp } from './routes/operations.ts';
import { queryApp } from './routes/query.ts';
import { savedApp } from './routes/saved.ts';
import { searchApp } from './routes/search.ts';
import { sharesApp } from './routes/shares.ts';
import { staticApp } from './routes/static.ts';
import { trashApp } from './routes/trash.ts';
import { uploadsApp } from './routes/uploads.ts';
import { welcomeApp } from './routes/welcome.ts';
import { servePage } from './serve-page.ts';

/**
 * bytes. A page of ten results is below it: compressing it takes 1.5 ms, a quarter of the search, and sending it
 * whole over a slow network of 10 Mbit/s takes 6 ms more.
 */
const COMPRESSED_FROM = 10_000;

/** For responses that are no page: a browser that opens one runs no script of it and shows it in no frame. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * Adds the header that `compress` adds to a response that it may compress. If `compress` did so itself, it would turn
 * the body into a stream, which takes half a millisecond longer to send than a text.
 */
const variesByEncoding: MiddlewareHandler<ApiEnv> = async (c, next) => {
  await next();
  const { headers } = c.res;
  if (COMPRESSIBLE_CONTENT_TYPE_REGEX.test(headers.get('Content-Type') ?? ''))
    headers.append('Vary', 'Accept-Encoding');
};

/**
 * The whole HTTP API. It responds at `/` and at `/api` alike, and with or without a slash at the end.
 * `typeof` its result types a client (docs/client.md).
 */
export function createApp(given: AppDeps) {
  const deps: AppDeps = {
    ...given,
    text: rememberingTexts(namingEmoji(given.text)),
    ocrText: given.ocrText && rememberingTexts(given.ocrText),
  };
  const { guard, standing } = createGuard(deps.access);
  const tools = { deps, guard };

  const app = new Hono<ApiEnv>({ getPath: apiPath });
  app.use(
    requestId(),
    async (c, next) => {
      c.set('base', baseOf(c.req.raw, c.env));
      c.set('publicBase', `${forwardedPrefix(c.req.header('X-Forwarded-Prefix'))}${c.get('base')}`);
      c.set('timings', new Map());
      c.set('idle', deps.limits.idle);
      await next();
      c.res.headers.set('X-Content-Type-Options', 'nosniff');
      if (!c.res.headers.has('Content-Security-Policy'))
        c.res.headers.set('Content-Security-Policy', DATA_POLICY);
      // Responses depend on tokens and on what was indexed a moment ago: caches must revalidate them before each use.
      if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'private, no-cache');
    },
    requestLog(deps.log),
    compress({ threshold: COMPRESSED_FROM }),
    variesByEncoding,
    cors(deps.access),
    routerOnly(deps.access.routerSecret),
    drainUnread,
  );
  if (deps.access.rateLimit !== undefined) app.use(rateLimit(deps.access.rateLimit, deps.access));

  app.use('/images/*', etag());

  app.onError((error, c) =>
    error instanceof HTTPException ? error.getResponse() : thrownResponse(c, error),
  );
  app.notFound(c => {
    const page =
      c.get('base') === '' && /^(?:GET|HEAD)$/.test(c.req.method) && servePage(c, deps.page, c.req.path);
    if (page) return page;
    const methods = matchingMethods(allRoutes, c.req.path);
    if (methods.length === 0) return errorResponse(c, new SemblanceError('route_not_found', 'Not Found'));
    return errorResponse(c, new SemblanceError('method_not_allowed', 'Method Not Allowed'), {
      Allow: methods.join(', '),
    });
  });

  return app
    .route('/', welcomeApp(tools, standing))
    .route('/', searchApp(tools))
    .route('/', queryApp(tools))
    .route('/', imagesApp(tools))
    .route('/', imageApp(tools))
    .route('/', duplicatesApp(tools))
    .route('/', uploadsApp(tools))
    .route('/', adminApp(tools))
    .route('/', trashApp(tools))
    .route('/', downloadsApp(tools))
    .route('/', savedApp(tools))
    .route('/', sharesApp(tools))
    .route('/', operationsApp(tools))
    .route('/', staticApp(tools))
    .route('/', docsApp(tools, allRoutes));
}

export type App = ReturnType<typeof createApp>;
