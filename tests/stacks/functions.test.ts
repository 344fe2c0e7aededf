import { beforeAll, describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../../shared/config.ts';
import { type Evaluation, evaluate, SECRETS } from './evaluate.ts';
import { ACCOUNT } from './fake-aws.ts';
import {
  all,
  bucketName,
  EVALUATIONS,
  environmentOf,
  FUNCTION,
  one,
  QUEUE,
  queueArn,
  rightsOf,
  statementsOf,
  UNPINNED,
} from './resources.ts';

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
    const dead = queueArn(stage(), 'DeadLetters');
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
      'sqs:SendMessage': [work, dead],
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

  test('the functions have the variables that shared/config.ts reads', () => {
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
      // A function that serves no requests has no tokens.
      accessTokens: [],
      adminTokens: [],
    });
    expect(parseConfig(environmentOf(stage(), 'Search'))).toMatchObject({
      ...common,
      accessTokens: ['canary-access-1', 'canary-access-2'],
      adminTokens: ['canary-admin'],
      corsOrigins: ['https://d1.cloudfront.net'],
      rateLimit: 600,
      sharing: false,
    });
  });

  test('secrets leave the program marked as secret, wherever they go', () => {
    const leaks = stage().resources.flatMap(({ name, inputs, secretPaths }) =>
      pathsOf(inputs, 'canary')
        .filter(path => !secretPaths.some(secret => path === secret || path.startsWith(`${secret}.`)))
        .map(path => `${name}: ${path}`),
    );
    // SST makes this function of a plain text. The router's secret gives no rights: it only shows that a request
    // came through CloudFront, where it can be read by whoever may read the distribution.
    expect(leaks).toEqual(['SiteCloudfrontFunctionRequest: code']);
  });
});

test('while a model takes over, embed keeps both indexes and search uses the first', async () => {
  const manifest = { models: ['clip-vit-base-patch32', 'demo'], architecture: 'x86_64' };
  const migrating = await evaluate('ann', { manifest });
  expect(environmentOf(migrating, 'Embed')['SEMBLANCE_MODEL']).toBe('clip-vit-base-patch32,demo');
  expect(environmentOf(migrating, 'Search')['SEMBLANCE_MODEL']).toBe('clip-vit-base-patch32');
});

/** Paths of the strings that contain the text. */
function pathsOf(value: unknown, wanted: string, path = ''): string[] {
  if (typeof value === 'string') return value.includes(wanted) ? [path] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) =>
    pathsOf(item, wanted, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`),
  );
}
