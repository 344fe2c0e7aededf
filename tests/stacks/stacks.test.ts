import { beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../shared/config.ts';
import { MAX_ATTEMPTS } from '../../shared/queue/work-queue.ts';
import { type Evaluation, evaluate, type Resource, SECRETS } from './evaluate.ts';
import { ACCOUNT } from './fake-aws.ts';

const BUCKET = 'aws:s3/bucket:Bucket';
const QUEUE = 'aws:sqs/queue:Queue';
const FUNCTION = 'aws:lambda/function:Function';

/** ms; one takes about two seconds of processor time. */
const EVALUATIONS = 120_000;
vi.setConfig({ testTimeout: EVALUATIONS });

/** Fit for all stages but production. */
const UNPINNED = 'ARG BASE=public.ecr.aws/lambda/nodejs:24\n';

let personal: Evaluation;
let production: Evaluation;
beforeAll(async () => {
  personal = await evaluate('ann', { dockerfile: UNPINNED });
  production = await evaluate('production');
}, EVALUATIONS);

const all = (stage: Evaluation, type: string, name = /./) =>
  stage.resources.filter(resource => resource.type === type && name.test(resource.name));

function one(stage: Evaluation, type: string, name = /./): Resource {
  const found = all(stage, type, name);
  expect(found.map(resource => resource.name)).toHaveLength(1);
  return found[0]!;
}

const documentSchema = z.preprocess(
  value => (typeof value === 'string' ? JSON.parse(value) : value),
  z.object({
    Statement: z.array(
      z.looseObject({
        Effect: z.string(),
        Action: z.union([z.string().transform(action => [action]), z.array(z.string())]),
        Resource: z.union([z.string().transform(arn => [arn]), z.array(z.string())]).optional(),
      }),
    ),
  }),
);
const statementsOf = (policy: unknown) => documentSchema.parse(policy).Statement;

/** Action → the resources on which a function's role allows it. */
function rightsOf(stage: Evaluation, functionName: 'Embed' | 'Search'): Record<string, string[]> {
  const rights: Record<string, string[]> = {};
  for (const statement of statementsOf(
    one(stage, 'aws:iam/rolePolicy:RolePolicy', new RegExp(`^${functionName}`)).inputs.policy,
  )) {
    expect(statement.Effect).toBe('Allow');
    for (const action of statement.Action)
      rights[action] = [...(rights[action] ?? []), ...(statement.Resource ?? [])];
  }
  return rights;
}

const bucketName = (stage: Evaluation, name: 'Originals' | 'Derived'): string =>
  one(stage, BUCKET, new RegExp(`^${name}`)).inputs.bucket;
const queueArn = (stage: Evaluation, name: 'Work' | 'DeadLetters'): string =>
  `arn:aws:sqs:eu-central-1:${ACCOUNT}:${one(stage, QUEUE, new RegExp(`^${name}`)).inputs.name}`;
const environmentOf = (stage: Evaluation, name: 'Embed' | 'Search'): Record<string, string> =>
  one(stage, FUNCTION, new RegExp(`^${name}`)).inputs.environment.variables;

describe('stages', () => {
  test('production is protected, keeps its buckets and their old versions', () => {
    expect(production.app).toMatchObject({ removal: 'retain', protect: true });
    expect(one(production, 'random:index/randomUuid:RandomUuid').retainOnDelete).toBe(true);
    for (const name of ['Originals', 'Derived']) {
      const bucket = one(production, BUCKET, new RegExp(`^${name}`));
      expect(bucket.retainOnDelete).toBe(true);
      expect(bucket.inputs.forceDestroy).toBe(false);
      const versioning = one(production, 'aws:s3/bucketVersioning:BucketVersioning', new RegExp(`^${name}`));
      expect(versioning.inputs.versioningConfiguration).toEqual({ status: 'Enabled' });
      const { rules } = one(
        production,
        'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
        new RegExp(`^${name}`),
      ).inputs;
      expect(rules).toContainEqual(
        expect.objectContaining({ noncurrentVersionExpiration: { noncurrentDays: 90 } }),
      );
      // What is current never expires by itself.
      for (const rule of rules) expect(rule.expiration?.days).toBeUndefined();
    }
    expect(one(production, 'aws:ecr/repository:Repository').inputs.forceDelete).toBe(false);
  });

  test('a personal stage leaves nothing behind', () => {
    expect(personal.app).toMatchObject({ removal: 'remove', protect: false });
    for (const bucket of all(personal, BUCKET)) {
      expect(bucket.retainOnDelete).toBe(false);
      expect(bucket.inputs.forceDestroy).toBe(true);
    }
    expect(one(personal, 'aws:ecr/repository:Repository').inputs.forceDelete).toBe(true);
  });

  test('every physical name says which app and stage it belongs to', () => {
    for (const [stage, name] of [
      [personal, 'ann'],
      [production, 'production'],
    ] as const)
      for (const type of [QUEUE, FUNCTION, 'aws:iam/role:Role', 'aws:ecr/repository:Repository'])
        for (const resource of all(stage, type))
          expect(resource.inputs.name).toMatch(new RegExp(`^semblance-${name}(-|$)`));
  });

  test('a first preview, when nothing that AWS computes is known, evaluates', async () => {
    const preview = await evaluate('new', { preview: true });
    expect(all(preview, 'sst:aws:Bucket').length).toBeGreaterThan(2);
  });
});

describe.each([
  ['a personal stage', () => personal],
  ['production', () => production],
])('%s', (_, stage) => {
  test('both buckets are private, encrypted and answer over TLS alone', () => {
    for (const name of ['Originals', 'Derived']) {
      const of = new RegExp(`^${name}`);
      expect(one(stage(), 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', of).inputs).toMatchObject(
        {
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
      );
      expect(statementsOf(one(stage(), 'aws:s3/bucketPolicy:BucketPolicy', of).inputs.policy)).toEqual([
        expect.objectContaining({
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:*'],
          Condition: { Bool: { 'aws:SecureTransport': ['false'] } },
        }),
      ]);
      const encryption = one(
        stage(),
        'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
        of,
      );
      expect(encryption.inputs.rules).toEqual([
        { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } },
      ]);
    }
  });

  test('only the page may use the buckets from a browser, to read and to upload', () => {
    const cors = (name: string) =>
      one(stage(), 'aws:s3/bucketCorsConfiguration:BucketCorsConfiguration', new RegExp(`^${name}`)).inputs
        .corsRules[0];
    expect(cors('Originals')).toMatchObject({
      allowedOrigins: ['https://d1.cloudfront.net'],
      allowedMethods: ['GET', 'HEAD', 'PUT'],
    });
    expect(cors('Derived')).toMatchObject({
      allowedOrigins: ['https://d1.cloudfront.net'],
      allowedMethods: ['GET', 'HEAD'],
    });
  });

  test('every event that may change a picture goes to the queue, and to nothing else', () => {
    const notification = one(stage(), 'aws:s3/bucketNotification:BucketNotification');
    expect(notification.inputs).toMatchObject({
      bucket: bucketName(stage(), 'Originals'),
      queues: [
        {
          queueArn: queueArn(stage(), 'Work'),
          events: [
            's3:ObjectCreated:*',
            's3:ObjectRemoved:*',
            's3:LifecycleExpiration:*',
            's3:ObjectRestore:Completed',
          ],
        },
      ],
    });
    expect(notification.inputs).not.toHaveProperty('lambdaFunctions');
    expect(notification.inputs.queues[0]).not.toHaveProperty('filterPrefix');
    // S3 refuses a notification to a queue that doesn't let it in yet.
    expect(notification.dependsOn.some(urn => urn.endsWith('::WorkPolicy'))).toBe(true);
  });

  test('the queue takes messages from its own bucket and clock, over TLS', () => {
    const policies = all(stage(), 'aws:sqs/queuePolicy:QueuePolicy');
    // One policy a queue: of two, the one written last would win.
    expect(new Set(policies.map(policy => policy.inputs.queueUrl)).size).toBe(policies.length);
    expect(statementsOf(one(stage(), 'aws:sqs/queuePolicy:QueuePolicy', /^Work/).inputs.policy)).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: ['sqs:SendMessage'],
        Resource: [queueArn(stage(), 'Work')],
        Condition: {
          ArnEquals: { 'aws:SourceArn': `arn:aws:s3:::${bucketName(stage(), 'Originals')}` },
          StringEquals: { 'aws:SourceAccount': ACCOUNT },
        },
      }),
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: ['sqs:SendMessage'],
        Resource: [queueArn(stage(), 'Work')],
        Condition: { ArnEquals: { 'aws:SourceArn': expect.stringMatching(/:rule\/semblance-.*-sweep$/) } },
      }),
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]);
  });

  test('a message that fails five times is a dead letter for 14 days', () => {
    const work = one(stage(), QUEUE, /^Work/).inputs;
    const deadLetters = one(stage(), QUEUE, /^DeadLetters/).inputs;
    expect(JSON.parse(work.redrivePolicy)).toEqual({
      deadLetterTargetArn: queueArn(stage(), 'DeadLetters'),
      maxReceiveCount: MAX_ATTEMPTS,
    });
    expect(deadLetters.messageRetentionSeconds).toBe(14 * 86_400);
    expect(deadLetters).not.toHaveProperty('redrivePolicy');
    expect([work, deadLetters].map(queue => queue.sqsManagedSseEnabled)).toEqual([true, true]);
  });

  test('a sweep is asked for every night', () => {
    expect(one(stage(), 'aws:cloudwatch/eventRule:EventRule').inputs.scheduleExpression).toMatch(/^cron\(/);
    expect(one(stage(), 'aws:cloudwatch/eventTarget:EventTarget').inputs).toMatchObject({
      arn: queueArn(stage(), 'Work'),
      input: JSON.stringify({ semblance: 'sweep' }),
    });
  });

  test('embed takes batches with partial failures, a few at a time, hidden for six times its time limit', () => {
    const embed = one(stage(), FUNCTION, /^Embed/).inputs;
    expect(one(stage(), 'aws:lambda/eventSourceMapping:EventSourceMapping').inputs).toMatchObject({
      eventSourceArn: queueArn(stage(), 'Work'),
      functionName: embed.name,
      functionResponseTypes: ['ReportBatchItemFailures'],
      batchSize: 5,
      scalingConfig: { maximumConcurrency: 5 },
    });
    expect(one(stage(), QUEUE, /^Work/).inputs.visibilityTimeoutSeconds).toBeGreaterThanOrEqual(
      6 * embed.timeout,
    );
  });

  test('both functions run one image, named by its digest', () => {
    const image = one(stage(), 'docker-build:index:Image').inputs;
    expect(image).toMatchObject({
      push: true,
      platforms: ['linux/amd64'],
      context: { location: expect.stringMatching(/\/dist\/lambda$/) },
    });
    const functions = all(stage(), FUNCTION);
    expect(functions.map(({ inputs }) => inputs.imageConfig.commands)).toEqual(
      expect.arrayContaining([['functions/embed/handler.handler'], ['functions/search/handler.handler']]),
    );
    const repository = image.tags[0].replace(/:latest$/, '');
    for (const { inputs } of functions) {
      expect(inputs).toMatchObject({ packageType: 'Image', architectures: ['x86_64'] });
      expect(inputs.imageUri).toMatch(new RegExp(`^${repository}@sha256:[0-9a-f]{64}$`));
    }
    expect(new Set(functions.map(({ inputs }) => inputs.imageUri)).size).toBe(1);
  });

  test('only functions of this stage may pull the image', () => {
    const policy = one(stage(), 'aws:ecr/repositoryPolicy:RepositoryPolicy').inputs.policy;
    expect(statementsOf(policy)).toEqual([
      expect.objectContaining({
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Condition: {
          StringLike: {
            'aws:sourceArn': expect.stringMatching(
              new RegExp(`^arn:aws:lambda:eu-central-1:${ACCOUNT}:function:semblance-\\w+-\\*$`),
            ),
          },
        },
      }),
    ]);
  });

  test('embed may do what reconciling needs, and cannot write to the originals', () => {
    const originals = `arn:aws:s3:::${bucketName(stage(), 'Originals')}`;
    const derived = `arn:aws:s3:::${bucketName(stage(), 'Derived')}`;
    const work = queueArn(stage(), 'Work');
    const log = [expect.stringMatching(/:log-group:\/aws\/lambda\/semblance-\w+-embed:\*$/)];
    expect(rightsOf(stage(), 'Embed')).toEqual({
      'logs:CreateLogStream': log,
      'logs:PutLogEvents': log,
      's3:ListBucket': [originals, derived],
      's3:GetObject': [`${originals}/*`, `${derived}/*`],
      's3:PutObject': [`${derived}/*`],
      's3:DeleteObject': [`${derived}/*`],
      'sqs:ReceiveMessage': [work],
      'sqs:DeleteMessage': [work],
      'sqs:ChangeMessageVisibility': [work],
      'sqs:GetQueueAttributes': [work],
      'sqs:SendMessage': [work],
    });
  });

  test('search may sign, upload, queue and redrive, and leaves what people put there themselves', () => {
    const originals = `arn:aws:s3:::${bucketName(stage(), 'Originals')}`;
    const derived = `arn:aws:s3:::${bucketName(stage(), 'Derived')}`;
    const work = queueArn(stage(), 'Work');
    const dead = queueArn(stage(), 'DeadLetters');
    const own = ['uploads', 'remote', '_deleted'].map(area => `${originals}/${area}/*`);
    const log = [expect.stringMatching(/:log-group:\/aws\/lambda\/semblance-\w+-search:\*$/)];
    expect(rightsOf(stage(), 'Search')).toEqual({
      'logs:CreateLogStream': log,
      'logs:PutLogEvents': log,
      's3:ListBucket': [originals, derived],
      's3:GetObject': [`${originals}/*`, `${derived}/*`],
      's3:PutObject': [...own, `${derived}/*`],
      's3:DeleteObject': [...own, `${derived}/*`],
      'sqs:SendMessage': [work],
      'sqs:GetQueueAttributes': [work, dead],
      'sqs:GetQueueUrl': [dead],
      'sqs:ReceiveMessage': [dead],
      'sqs:DeleteMessage': [dead],
    });
  });

  test('roles are for Lambda alone and have nothing but their written policy', () => {
    for (const role of all(stage(), 'aws:iam/role:Role')) {
      expect(JSON.parse(role.inputs.assumeRolePolicy).Statement).toEqual([
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]);
      expect(role.inputs).not.toHaveProperty('managedPolicyArns');
      expect(role.inputs).not.toHaveProperty('inlinePolicies');
    }
    expect(all(stage(), 'aws:iam/rolePolicyAttachment:RolePolicyAttachment')).toEqual([]);
  });

  test('the functions are told what shared/config.ts reads', () => {
    const common = {
      model: 'demo',
      dataFolder: '/tmp/semblance',
      bucket: bucketName(stage(), 'Originals'),
      derivedBucket: bucketName(stage(), 'Derived'),
      queueUrl: expect.stringMatching(/^https:\/\/sqs\.eu-central-1\..*Work/),
      qdrant: { url: SECRETS.QdrantUrl, apiKey: SECRETS.QdrantApiKey },
      idNamespace: '0f4e3a52-6c1d-4b7a-9f0e-2d8c5b6a7e91',
    };
    expect(parseConfig(environmentOf(stage(), 'Embed'))).toMatchObject({
      ...common,
      // A function that serves nobody knows no tokens.
      accessTokens: [],
      adminTokens: [],
    });
    expect(parseConfig(environmentOf(stage(), 'Search'))).toMatchObject({
      ...common,
      accessTokens: ['canary-access-1', 'canary-access-2'],
      adminTokens: ['canary-admin'],
      corsOrigins: ['https://d1.cloudfront.net'],
      rateLimit: 600,
    });
  });

  test('secrets leave the program marked as secret, wherever they go', () => {
    const leaks = stage().resources.flatMap(({ name, inputs, secretPaths }) =>
      pathsOf(inputs, 'canary')
        .filter(path => !secretPaths.some(secret => path === secret || path.startsWith(`${secret}.`)))
        .map(path => `${name}: ${path}`),
    );
    expect(leaks).toEqual([]);
  });

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

  test('the Function URL leaves CORS to the API, buffers answers, and may be called both ways it needs', () => {
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

  test('an answer kept by CloudFront is never given to someone with another token or origin', () => {
    const policy = one(stage(), 'aws:cloudfront/cachePolicy:CachePolicy').inputs;
    expect(policy).toMatchObject({ defaultTtl: 0, minTtl: 0 });
    expect(policy.parametersInCacheKeyAndForwardedToOrigin.headersConfig.headers.items).toEqual(
      expect.arrayContaining(['x-access-token', 'x-admin-token', 'origin', 'accept']),
    );
  });

  test('alarms tell of dead letters, errors, old messages and throttles by mail', () => {
    const topic = one(stage(), 'aws:sns/topic:Topic').inputs.name;
    expect(one(stage(), 'aws:sns/topicSubscription:TopicSubscription').inputs).toMatchObject({
      protocol: 'email',
      endpoint: SECRETS.AlarmEmail,
    });
    const alarms = all(stage(), 'aws:cloudwatch/metricAlarm:MetricAlarm');
    expect(alarms.map(({ name, inputs }) => [name, inputs.metricName])).toEqual(
      expect.arrayContaining([
        ['dead-letters', 'ApproximateNumberOfMessagesVisible'],
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

test('while a model takes over, embed keeps both indexes and search uses the first', async () => {
  const manifest = { models: ['clip-vit-base-patch32', 'demo'], architecture: 'x86_64' };
  const migrating = await evaluate('ann', { manifest });
  expect(environmentOf(migrating, 'Embed')['SEMBLANCE_MODEL']).toBe('clip-vit-base-patch32,demo');
  expect(environmentOf(migrating, 'Search')['SEMBLANCE_MODEL']).toBe('clip-vit-base-patch32');
});

describe('a deploy stops before anything is made', () => {
  test('when a secret is missing, and names it', async () => {
    const { AdminTokens: _, ...secrets } = SECRETS;
    await expect(evaluate('ann', { secrets })).rejects.toThrow(/AdminTokens/);
  });

  test('when the Lambda tree was not built, and says how', async () => {
    await expect(evaluate('ann', { manifest: null })).rejects.toThrow(/npm run build:lambda/);
  });

  test('when production would run on a base image that can change under it', async () => {
    await expect(evaluate('production', { dockerfile: UNPINNED })).rejects.toThrow(/not pinned/);
  });

  test('when the tree is for another processor', async () => {
    const manifest = { models: ['demo'], architecture: 'arm64' };
    await expect(evaluate('ann', { manifest })).rejects.toThrow(/arm64, not x86_64/);
  });
});

/** Paths of the strings that contain the text. */
function pathsOf(value: unknown, wanted: string, path = ''): string[] {
  if (typeof value === 'string') return value.includes(wanted) ? [path] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) =>
    pathsOf(item, wanted, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`),
  );
}
