import { SEARCH_TIMEOUT_SECONDS } from './config.ts';
import { containerFunction } from './container-function.ts';
import { environmentOf, type Parts } from './environment.ts';
import type { MediaKey } from './media.ts';
import type { Site } from './site.ts';
import { currentStage } from './stage.ts';

type SearchParts = Parts & { site: Site; mediaKey: MediaKey };

/** The HTTP API behind a Function URL; the router puts it under `/api` beside the page. */
export function createSearch({ site, mediaKey, ...parts }: SearchParts) {
  const { originals, uploads, derived } = parts.storage;
  const { queue, deadLetters } = parts.events;
  const settings = currentStage().search;
  // One bucket, or two where the images lie in one that exists already.
  const read = [...new Set([originals, uploads])];
  const search = containerFunction('Search', {
    image: parts.image,
    command: 'functions/search/handler.handler',
    description: 'Serves the HTTP API',
    memory: settings.memory,
    timeout: SEARCH_TIMEOUT_SECONDS,
    environment: {
      ...environmentOf(parts),
      SEMBLANCE_MODEL: parts.image.models[0],
      SEMBLANCE_ACCESS_TOKENS: parts.secrets.accessTokens,
      SEMBLANCE_ADMIN_TOKENS: parts.secrets.adminTokens,
      // Behind CloudFront the function sees its own host name, so the page's origin has to be named.
      SEMBLANCE_CORS_ORIGINS: site.url,
      SEMBLANCE_RATE_LIMIT: String(settings.rateLimit),
      SEMBLANCE_SHARING: settings.sharing ? 'on' : 'off',
      // Only requests that come through CloudFront carry it: no browser can send it to the Function URL itself.
      SEMBLANCE_ROUTER_SECRET: site.routerSecret,
      SEMBLANCE_MEDIA_URL: site.url,
      SEMBLANCE_MEDIA_KEY_ID: mediaKey.keyPairId,
      SEMBLANCE_MEDIA_PRIVATE_KEY: mediaKey.privateKey,
    },
    permissions: [
      // Without s3:ListBucket S3 responds with 403, not 404, for a missing key.
      { actions: ['s3:ListBucket'], resources: [...read, derived].map(({ arn }) => arn) },
      // To serve images by presigned URL.
      { actions: ['s3:GetObject'], resources: read.map(({ arn }) => $interpolate`${arn}/*`) },
      {
        // The API stores uploads, and moves them to _deleted/. It never changes what others put into the bucket.
        actions: ['s3:PutObject', 's3:DeleteObject'],
        resources: ['uploads', 'remote', '_deleted'].map(area => $interpolate`${uploads.arn}/${area}/*`),
      },
      {
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        resources: [$interpolate`${derived.arn}/*`],
      },
      { actions: ['sqs:SendMessage', 'sqs:GetQueueAttributes'], resources: [queue.arn] },
      {
        // To count the dead letters and to bring them back.
        actions: ['sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'],
        resources: [deadLetters.arn],
      },
    ],
  });

  // Open to the internet, since IAM at this place would want every browser to hash what it posts. The function
  // itself rejects what lacks the header that CloudFront sets. CORS is Hono's alone; headers set twice are
  // rejected by browsers.
  const url = new aws.lambda.FunctionUrl('SearchUrl', {
    functionName: search.name,
    authorizationType: 'NONE',
    invokeMode: 'BUFFERED',
  });
  new aws.lambda.Permission('SearchUrlAccess', {
    function: search.name,
    action: 'lambda:InvokeFunctionUrl',
    principal: '*',
    functionUrlAuthType: 'NONE',
  });
  new aws.lambda.Permission('SearchInvokeByUrl', {
    function: search.name,
    action: 'lambda:InvokeFunction',
    principal: '*',
    invokedViaFunctionUrl: true,
  });

  return { function: search, url: url.functionUrl };
}
