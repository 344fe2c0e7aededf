import { PAGE_POLICY_HEADER } from '../shared/page-policy.ts';
import type { MediaKey } from './media.ts';
import { currentStage } from './stage.ts';
import type { BucketPlace } from './storage.ts';

/** What the page is served with; a response of the API keeps its own policy. */
const securityHeaders = () =>
  new aws.cloudfront.ResponseHeadersPolicy('SiteHeaders', {
    name: `${$app.name}-${$app.stage}-site`,
    securityHeadersConfig: {
      contentSecurityPolicy: { contentSecurityPolicy: PAGE_POLICY_HEADER, override: false },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: 'DENY', override: false },
      referrerPolicy: { referrerPolicy: 'strict-origin-when-cross-origin', override: false },
      strictTransportSecurity: { accessControlMaxAgeSec: 31_536_000, override: false },
    },
  });

const ORIGIN_OF_MEDIA = 'media';

type SiteParts = { derived: BucketPlace; mediaKey: MediaKey };

/**
 * One address for all: the page from S3 at `/`, thumbnails and previews from the derived bucket, for whoever has
 * a signed URL; the caller routes `/api` to the search function.
 */
export function createSite({ derived, mediaKey }: SiteParts) {
  const { domain } = currentStage();
  const routerSecret = $util.secret(
    new random.RandomPassword('RouterSecret', { length: 40, special: false }).result,
  );
  const media = mediaBehaviors(mediaKey);
  const mediaOrigin = originOfMedia(derived);
  const headersPolicy = securityHeaders();
  const router = new sst.aws.Router('Site', {
    ...(domain && { domain }),
    // Headers that the search function trusts; whatever a client sends under these names is replaced.
    edge: {
      viewerRequest: {
        injection: $interpolate`
event.request.headers['x-semblance-router'] = { value: '${routerSecret}' };
event.request.headers['x-semblance-viewer'] = { value: event.viewer.ip };`,
      },
    },
    transform: {
      // Responses depend on the token of the request. CloudFront must keep nothing of the API, but should a response ever
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
          .apply(behavior => ({ ...behavior, responseHeadersPolicyId: headersPolicy.id }));
        args.origins = $util.output(args.origins).apply(origins => [...origins, mediaOrigin]);
        args.orderedCacheBehaviors = $util
          .output(args.orderedCacheBehaviors)
          .apply(behaviors => [...media, ...(behaviors ?? [])]);
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

  return { router, url: router.url, routerSecret };
}

export type Site = ReturnType<typeof createSite>;

function originOfMedia(derived: BucketPlace) {
  const { region } = aws.getRegionOutput();
  const access = new aws.cloudfront.OriginAccessControl('MediaAccess', {
    name: `${$app.name}-${$app.stage}-media`,
    originAccessControlOriginType: 's3',
    signingBehavior: 'always',
    signingProtocol: 'sigv4',
  });
  return {
    originId: ORIGIN_OF_MEDIA,
    domainName: $interpolate`${derived.bucket}.s3.${region}.amazonaws.com`,
    originAccessControlId: access.id,
  };
}

/**
 * Thumbnails and previews, for signed URLs alone. Their URL holds the version of the image, so they may be kept
 * for ever; the sandbox keeps a page's rights from whatever else should lie there.
 */
function mediaBehaviors({ groupId }: MediaKey) {
  const headers = new aws.cloudfront.ResponseHeadersPolicy('MediaHeaders', {
    name: `${$app.name}-${$app.stage}-media`,
    customHeadersConfig: {
      items: [{ header: 'Cache-Control', value: 'private, max-age=31536000, immutable', override: true }],
    },
    securityHeadersConfig: {
      contentTypeOptions: { override: true },
      contentSecurityPolicy: { contentSecurityPolicy: "default-src 'none'; sandbox", override: true },
      referrerPolicy: { referrerPolicy: 'no-referrer', override: true },
    },
  });
  const cache = new aws.cloudfront.CachePolicy('MediaCache', {
    name: `${$app.name}-${$app.stage}-media`,
    defaultTtl: 31_536_000,
    minTtl: 0,
    maxTtl: 31_536_000,
    parametersInCacheKeyAndForwardedToOrigin: {
      cookiesConfig: { cookieBehavior: 'none' },
      headersConfig: { headerBehavior: 'none' },
      // The version of the image; CloudFront takes the signature's own parameters away by itself.
      queryStringsConfig: { queryStringBehavior: 'whitelist', queryStrings: { items: ['v'] } },
    },
  });
  return ['thumbnails/*', 'previews/*'].map(pathPattern => ({
    pathPattern,
    targetOriginId: ORIGIN_OF_MEDIA,
    viewerProtocolPolicy: 'redirect-to-https',
    allowedMethods: ['GET', 'HEAD'],
    cachedMethods: ['GET', 'HEAD'],
    cachePolicyId: cache.id,
    responseHeadersPolicyId: headers.id,
    trustedKeyGroups: [groupId],
    compress: false,
  }));
}
