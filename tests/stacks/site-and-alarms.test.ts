import { beforeAll, describe, expect, test, vi } from 'vitest';
import { PAGE_POLICY_HEADER } from '../../shared/page-policy.ts';
import { type Evaluation, evaluate, SECRETS } from './evaluate.ts';
import { all, bucketName, EVALUATIONS, environmentOf, FUNCTION, one, UNPINNED } from './resources.ts';

vi.setConfig({ testTimeout: EVALUATIONS });

let personal: Evaluation;
let production: Evaluation;
beforeAll(async () => {
  personal = await evaluate('ann', { dockerfile: UNPINNED });
  production = await evaluate('production');
}, EVALUATIONS);

describe.each([
  ['a personal stage', () => personal],
  ['production', () => production],
])('%s', (_, stage) => {
  test('one address serves the page and, under /api, the search function', () => {
    const routes = all(stage(), 'pulumi-nodejs:dynamic:Resource', /RoutesUpdate/).map(
      ({ inputs }) => inputs.entry,
    );
    expect(routes).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^site,\w+,,$/),
        expect.stringMatching(/^url,\w+,,\/api$/),
      ]),
    );
    expect(stage().outputs).toMatchObject({
      url: 'https://d1.cloudfront.net',
      api: 'https://d1.cloudfront.net/api',
      bucket: bucketName(stage(), 'Originals'),
    });
  });

  test('the Function URL leaves CORS to the API, buffers responses, and may be called both ways it needs', () => {
    const url = one(stage(), 'aws:lambda/functionUrl:FunctionUrl').inputs;
    expect(url).toMatchObject({ authorizationType: 'NONE', invokeMode: 'BUFFERED' });
    expect(url).not.toHaveProperty('cors');
    expect(
      all(stage(), 'aws:lambda/permission:Permission').map(({ inputs }) => [
        inputs.function,
        inputs.action,
        inputs.functionUrlAuthType ?? inputs.invokedViaFunctionUrl,
      ]),
    ).toEqual(
      expect.arrayContaining([
        [url.functionName, 'lambda:InvokeFunctionUrl', 'NONE'],
        [url.functionName, 'lambda:InvokeFunction', true],
      ]),
    );
  });

  test('the page is served with its content policy, and no site may frame it', () => {
    const { inputs } = one(
      stage(),
      'aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy',
      /^SiteHeaders/,
    );
    expect(inputs.securityHeadersConfig).toMatchObject({
      contentSecurityPolicy: { contentSecurityPolicy: PAGE_POLICY_HEADER, override: false },
      frameOptions: { frameOption: 'DENY' },
      strictTransportSecurity: { accessControlMaxAgeSec: 31_536_000 },
    });
    const { defaultCacheBehavior } = one(stage(), 'aws:cloudfront/distribution:Distribution').inputs;
    expect(defaultCacheBehavior.responseHeadersPolicyId).toMatch(/SiteHeaders/);
  });

  test('a response kept by CloudFront is never given to someone with another token or origin', () => {
    const policy = one(stage(), 'aws:cloudfront/cachePolicy:CachePolicy', /^Site/).inputs;
    expect(policy).toMatchObject({ defaultTtl: 0, minTtl: 0 });
    expect(policy.parametersInCacheKeyAndForwardedToOrigin.headersConfig.headers.items).toEqual(
      expect.arrayContaining(['x-access-token', 'x-admin-token', 'origin', 'accept']),
    );
  });

  test('the router marks requests with its secret and the address that CloudFront saw', () => {
    const { code } = one(stage(), 'aws:cloudfront/function:Function', /Request$/).inputs;
    const { SEMBLANCE_ROUTER_SECRET: secret } = environmentOf(stage(), 'Search');
    expect(secret?.length).toBeGreaterThanOrEqual(40);
    expect(code).toContain(`event.request.headers['x-semblance-router'] = { value: '${secret}' }`);
    expect(code).toContain(`event.request.headers['x-semblance-viewer'] = { value: event.viewer.ip }`);
  });

  test('thumbnails and previews come from the derived bucket, for signed URLs alone, and stay at the edges', () => {
    const { origins, orderedCacheBehaviors } = one(
      stage(),
      'aws:cloudfront/distribution:Distribution',
    ).inputs;
    expect(origins).toContainEqual(
      expect.objectContaining({
        originId: 'media',
        domainName: `${bucketName(stage(), 'Derived')}.s3.eu-central-1.amazonaws.com`,
        originAccessControlId: expect.any(String),
      }),
    );
    const behaviors = orderedCacheBehaviors.filter(
      ({ targetOriginId }: { targetOriginId: string }) => targetOriginId === 'media',
    );
    expect(behaviors.map(({ pathPattern }: { pathPattern: string }) => pathPattern)).toEqual([
      'thumbnails/*',
      'previews/*',
    ]);
    for (const behavior of behaviors)
      expect(behavior).toMatchObject({
        trustedKeyGroups: [expect.any(String)],
        viewerProtocolPolicy: 'redirect-to-https',
        allowedMethods: ['GET', 'HEAD'],
      });
    const cached = one(stage(), 'aws:cloudfront/cachePolicy:CachePolicy', /^Media/).inputs;
    expect(cached.parametersInCacheKeyAndForwardedToOrigin.queryStringsConfig).toEqual({
      queryStringBehavior: 'whitelist',
      queryStrings: { items: ['v'] },
    });
    const { items } = one(stage(), 'aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy', /^Media/)
      .inputs.customHeadersConfig;
    expect(items).toContainEqual({
      header: 'Cache-Control',
      value: 'private, max-age=31536000, immutable',
      override: true,
    });
  });

  test('an error is never repeated from a cache', () => {
    const { customErrorResponses } = one(stage(), 'aws:cloudfront/distribution:Distribution').inputs;
    for (const errorCode of [404, 502, 503])
      expect(customErrorResponses).toContainEqual({ errorCode, errorCachingMinTtl: 0 });
  });

  test('alarms report dead letters, errors, old messages and throttles by mail', () => {
    const topic = one(stage(), 'aws:sns/topic:Topic').inputs.name;
    expect(one(stage(), 'aws:sns/topicSubscription:TopicSubscription').inputs).toMatchObject({
      protocol: 'email',
      endpoint: SECRETS.AlarmEmail,
    });
    const alarms = all(stage(), 'aws:cloudwatch/metricAlarm:MetricAlarm');
    expect(alarms.map(({ name, inputs }) => [name, inputs.metricName])).toEqual(
      expect.arrayContaining([
        ['dead-letters', 'ApproximateNumberOfMessagesVisible'],
        ['sweep-rejected', 'SweepRejected'],
        ['indexing-waits', 'Held'],
        ['oldest-message', 'ApproximateAgeOfOldestMessage'],
        ['embed-errors', 'Errors'],
        ['search-errors', 'Errors'],
        ['embed-throttles', 'Throttles'],
        ['search-throttles', 'Throttles'],
        ['search-5xx', 'Url5xxCount'],
      ]),
    );
    for (const { inputs } of alarms) {
      expect(inputs.alarmActions).toEqual([expect.stringMatching(new RegExp(`:${topic}$`))]);
      expect(inputs.treatMissingData).toBe('notBreaching');
    }
    const rejected = alarms.find(({ name }) => name === 'sweep-rejected')?.inputs;
    expect(rejected).toMatchObject({ period: 86_400, dimensions: { service: 'embed' } });
    expect(rejected?.alarmDescription).toMatch(/reconcile --stage \w+ --allow-drop/);
    const budget = one(stage(), 'aws:budgets/budget:Budget').inputs;
    for (const notification of budget.notifications)
      expect(notification.subscriberEmailAddresses).toEqual([SECRETS.AlarmEmail]);
    expect(
      JSON.parse(one(stage(), 'aws:cloudwatch/dashboard:Dashboard').inputs.dashboardBody).widgets,
    ).toHaveLength(6);
  });

  test('logs are kept for a month', () => {
    const groups = all(stage(), 'aws:cloudwatch/logGroup:LogGroup');
    expect(groups.map(({ inputs }) => inputs.retentionInDays)).toEqual([30, 30]);
    for (const { inputs } of all(stage(), FUNCTION))
      expect(inputs.loggingConfig.logGroup).toBe(`/aws/lambda/${inputs.name}`);
  });
});
