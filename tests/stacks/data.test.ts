import { beforeAll, describe, expect, test, vi } from 'vitest';
import { MOST_DELIVERIES } from '../../shared/queue/sqs-queue.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { ACCOUNT } from './fake-aws.ts';
import {
  all,
  BUCKET,
  bucketName,
  EVALUATIONS,
  FUNCTION,
  one,
  QUEUE,
  queueArn,
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
      // What is current never expires by itself, but for the trash and what is made again on demand.
      for (const rule of rules)
        if (!['_deleted/', 'renditions/'].includes(rule.filter.prefix))
          expect(rule.expiration?.days).toBeUndefined();
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
  test('both buckets are private, encrypted and accept requests over TLS alone', () => {
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
      const statements = statementsOf(one(stage(), 'aws:s3/bucketPolicy:BucketPolicy', of).inputs.policy);
      const allowed = statements.filter(({ Effect }) => Effect !== 'Deny');
      expect(allowed).toHaveLength(name === 'Derived' ? 1 : 0);
      expect(statements.filter(({ Effect }) => Effect === 'Deny')).toEqual([
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

  test('only the page may use the originals from a browser, to read and to upload; derived images by URL alone', () => {
    const { name, inputs } = one(
      stage(),
      'aws:s3/bucketCorsConfiguration:BucketCorsConfiguration',
      /^(Originals|Derived)/,
    );
    expect(name).toMatch(/^Originals/);
    expect(inputs.corsRules[0]).toMatchObject({
      allowedOrigins: ['https://d1.cloudfront.net'],
      allowedMethods: ['GET', 'HEAD', 'PUT'],
    });
  });

  test('CloudFront of this account may read thumbnails and previews, and nothing else', () => {
    const { policy } = one(stage(), 'aws:s3/bucketPolicy:BucketPolicy', /^Derived/).inputs;
    const derived = `arn:aws:s3:::${bucketName(stage(), 'Derived')}`;
    expect(statementsOf(policy).filter(({ Effect }) => Effect === 'Allow')).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: ['cloudfront.amazonaws.com'] },
        Action: ['s3:GetObject'],
        Resource: [`${derived}/thumbnails/*`, `${derived}/previews/*`],
        Condition: { StringEquals: { 'aws:SourceAccount': [ACCOUNT] } },
      },
    ]);
  });

  test('the trash empties itself after 30 days', () => {
    for (const name of ['Originals', 'Derived']) {
      const { rules } = one(
        stage(),
        'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
        new RegExp(`^${name}`),
      ).inputs;
      expect(rules).toContainEqual(
        expect.objectContaining({ filter: { prefix: '_deleted/' }, expiration: { days: 30 } }),
      );
    }
  });

  test('every event that may change an image goes to the queue, and to nothing else', () => {
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
    // S3 rejects a notification to a queue that doesn't let it in yet.
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
        Condition: { ArnEquals: { 'aws:SourceArn': [expect.stringMatching(/:rule\/semblance-.*-sweep$/)] } },
      }),
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]);
  });

  test('messages are kept by age: two weeks, and as many deliveries as SQS counts', () => {
    const work = one(stage(), QUEUE, /^Work/).inputs;
    const deadLetters = one(stage(), QUEUE, /^DeadLetters/).inputs;
    expect(JSON.parse(work.redrivePolicy)).toEqual({
      deadLetterTargetArn: queueArn(stage(), 'DeadLetters'),
      maxReceiveCount: MOST_DELIVERIES,
    });
    for (const queue of [work, deadLetters]) expect(queue.messageRetentionSeconds).toBe(14 * 86_400);
    expect(deadLetters).not.toHaveProperty('redrivePolicy');
    expect([work, deadLetters].map(queue => queue.sqsManagedSseEnabled)).toEqual([true, true]);
  });

  test('a sweep is requested every night', () => {
    expect(one(stage(), 'aws:cloudwatch/eventRule:EventRule').inputs.scheduleExpression).toMatch(/^cron\(/);
    expect(one(stage(), 'aws:cloudwatch/eventTarget:EventTarget').inputs).toMatchObject({
      arn: queueArn(stage(), 'Work'),
      input: JSON.stringify({ semblance: 'sweep' }),
    });
  });
});
