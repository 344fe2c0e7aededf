import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type Evaluation, evaluate } from './evaluate.ts';
import { ACCOUNT } from './fake-aws.ts';
import {
  all,
  bucketName,
  EVALUATIONS,
  environmentOf,
  FUNCTION,
  one,
  queueArn,
  rightsOf,
  statementsOf,
  UNPINNED,
} from './resources.ts';

vi.setConfig({ testTimeout: EVALUATIONS });

let tuned: Evaluation;
let existing: Evaluation;
beforeAll(async () => {
  tuned = await evaluate('ann', {
    dockerfile: UNPINNED,
    manifest: { models: ['demo'], architecture: 'arm64' },
    settings: {
      region: 'us-west-2',
      budget: 42,
      ocr: false,
      maxPixels: 20_000_000,
      maxBytes: 10_000_000,
      prefix: 'photos/',
      architecture: 'arm64',
      embed: { memory: 2048, concurrency: 2 },
      search: { memory: 1024, rateLimit: 60, sharing: true },
    },
  });
  existing = await evaluate('ann', {
    dockerfile: UNPINNED,
    settings: { existingBucket: 'family-photos', prefix: 'albums/' },
  });
}, EVALUATIONS);

test('a small file per stage sets region, limits, memory, concurrency, budget and processor', () => {
  expect(environmentOf(tuned, 'Embed')).toMatchObject({
    SEMBLANCE_OCR: 'off',
    SEMBLANCE_MAX_PIXELS: '20000000',
    SEMBLANCE_MAX_BYTES: '10000000',
    SEMBLANCE_PREFIX: 'photos/',
  });
  expect(environmentOf(tuned, 'Search')).toMatchObject({
    SEMBLANCE_RATE_LIMIT: '60',
    SEMBLANCE_SHARING: 'on',
  });
  expect(one(tuned, FUNCTION, /^Embed/).inputs).toMatchObject({ memorySize: 2048, architectures: ['arm64'] });
  expect(one(tuned, FUNCTION, /^Search/).inputs).toMatchObject({
    memorySize: 1024,
    architectures: ['arm64'],
  });
  expect(one(tuned, 'docker-build:index:Image').inputs.platforms).toEqual(['linux/arm64']);
  expect(one(tuned, 'aws:lambda/eventSourceMapping:EventSourceMapping').inputs.scalingConfig).toEqual({
    maximumConcurrency: 2,
  });
  expect(one(tuned, 'aws:budgets/budget:Budget').inputs.limitAmount).toBe('42');
  expect(tuned.outputs['queueUrl']).toContain('us-west-2');
});

describe('an existing bucket', () => {
  test('is known by its name alone: nothing of it is made or set', () => {
    for (const { type, inputs } of existing.resources)
      if (type.startsWith('aws:s3/')) expect(inputs.bucket).not.toBe('family-photos');
    expect(all(existing, 'aws:s3/bucketNotification:BucketNotification')).toHaveLength(1);
  });

  test('sends its changes by EventBridge, of the prefix alone, and only that rule may send', () => {
    const rule = one(existing, 'aws:cloudwatch/eventRule:EventRule', /^ExistingBucket/).inputs;
    expect(JSON.parse(rule.eventPattern)).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created', 'Object Deleted', 'Object Restore Completed'],
      detail: { bucket: { name: ['family-photos'] }, object: { key: [{ prefix: 'albums/' }] } },
    });
    const policy = one(existing, 'aws:sqs/queuePolicy:QueuePolicy', /^Work/).inputs.policy;
    const sources = statementsOf(policy).find(statement => statement['Sid'] === 'EventBridgeRules');
    expect(sources?.['Condition']).toEqual({
      ArnEquals: {
        'aws:SourceArn': ['sweep', 'bucket'].map(
          name => `arn:aws:events:eu-central-1:${ACCOUNT}:rule/semblance-ann-${name}`,
        ),
      },
    });
    expect(one(existing, 'aws:cloudwatch/eventTarget:EventTarget', /^ExistingBucket/).inputs.arn).toBe(
      queueArn(existing, 'Work'),
    );
  });

  test('is only read; uploads and derived objects go to buckets of the stage', () => {
    const uploads = bucketName(existing, 'Originals');
    for (const name of ['Embed', 'Search'] as const) {
      expect(environmentOf(existing, name)).toMatchObject({
        SEMBLANCE_BUCKET: 'family-photos',
        SEMBLANCE_PREFIX: 'albums/',
        SEMBLANCE_UPLOADS_BUCKET: uploads,
      });
      const rights = rightsOf(existing, name);
      expect(rights['s3:GetObject']).toContain('arn:aws:s3:::family-photos/*');
      for (const action of ['s3:PutObject', 's3:DeleteObject'])
        expect(rights[action]?.filter(arn => arn.includes('family-photos'))).toEqual([]);
    }
  });
});
