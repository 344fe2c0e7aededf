import { stageOf } from './config.ts';

/** AWS's managed response headers: HSTS, nosniff, no framing by others, a strict referrer. */
const SECURITY_HEADERS_POLICY = '67f7725c-6f97-4210-82d7-5512b31e9d03';

/** One address for all: the page from S3 at `/`; the caller routes `/api` to the search function. */
export function createSite() {
  const { domain } = stageOf($app.stage);
  const router = new sst.aws.Router('Site', {
    ...(domain && { domain }),
    transform: {
      // Responses differ by who asks. Nothing of the API is meant to be kept here, but should a response ever
      // forget to say so, it must not be given to someone without a token, or with another's CORS headers.
      cachePolicy: args => {
        args.parametersInCacheKeyAndForwardedToOrigin = $util
          .output(args.parametersInCacheKeyAndForwardedToOrigin)
          .apply(parameters => ({
            ...parameters,
            headersConfig: {
              headerBehavior: 'whitelist',
              headers: { items: ['x-forwarded-host', 'x-access-token', 'x-admin-token', 'origin', 'accept'] },
            },
          }));
      },
      cdn: args => {
        args.defaultCacheBehavior = $util
          .output(args.defaultCacheBehavior)
          .apply(behavior => ({ ...behavior, responseHeadersPolicyId: SECURITY_HEADERS_POLICY }));
        // By default CloudFront repeats an error for ten seconds, whatever the response says of caching.
        args.customErrorResponses = [404, 500, 502, 503, 504].map(errorCode => ({
          errorCode,
          errorCachingMinTtl: 0,
        }));
      },
    },
  });

  new sst.aws.StaticSite('Page', {
    path: 'web/dist',
    router: { instance: router },
    // `sst dev` serves what `npm run build:web` built, too: functions from an image have no live mode.
    dev: false,
    assets: {
      fileOptions: [
        { files: 'assets/**', cacheControl: 'public,max-age=31536000,immutable' },
        { files: '**', ignore: ['assets/**', '.stamp'], cacheControl: 'no-cache' },
      ],
    },
  });

  return { router, url: router.url };
}
