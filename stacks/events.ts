import { DEAD_LETTER_DAYS, MAX_RECEIVE_COUNT, VISIBILITY_SECONDS, WORK_DAYS } from './config.ts';
import { currentStage } from './stage.ts';
import type { BucketPlace, Storage } from './storage.ts';

/** What the embed function reads in a message that asks for a sweep. */
const SWEEP_MESSAGE = { semblance: 'sweep' };

/**
 * The queue of keys to look at, and who may send to it: the buckets of originals, the clock that asks for a
 * sweep every night (it finds what lost events left), and whom embed and search name in their policies.
 */
export function createEvents(storage: Pick<Storage, 'originals' | 'uploads' | 'isExisting'>) {
  const { uploads } = storage;
  const deadLetters = new sst.aws.Queue('DeadLetters', {
    transform: {
      queue: args => {
        args.messageRetentionSeconds = DEAD_LETTER_DAYS * 86_400;
        args.sqsManagedSseEnabled = true;
      },
    },
  });
  const queue = new sst.aws.Queue('Work', {
    visibilityTimeout: `${VISIBILITY_SECONDS} seconds`,
    dlq: { queue: deadLetters.arn, retry: MAX_RECEIVE_COUNT },
    transform: {
      queue: args => {
        args.messageRetentionSeconds = WORK_DAYS * 86_400;
        args.sqsManagedSseEnabled = true;
      },
    },
  });
  new aws.sqs.RedriveAllowPolicy('DeadLettersAllow', {
    queueUrl: deadLetters.url,
    redriveAllowPolicy: $jsonStringify({ redrivePermission: 'byQueue', sourceQueueArns: [queue.arn] }),
  });

  const sweep = new aws.cloudwatch.EventRule('Sweep', {
    name: `${$app.name}-${$app.stage}-sweep`,
    description: 'Compares bucket and index every night',
    scheduleExpression: 'cron(17 3 * * ? *)',
  });
  new aws.cloudwatch.EventTarget('SweepTarget', {
    rule: sweep.name,
    arn: queue.arn,
    input: JSON.stringify(SWEEP_MESSAGE),
  });

  const existing = storage.isExisting ? existingBucketRule(storage.originals, queue.arn) : null;

  // A queue has one policy, so all its senders stand here; SST's `bucket.notify` would let in any bucket.
  const policy = new aws.sqs.QueuePolicy('WorkPolicy', {
    queueUrl: queue.url,
    policy: $jsonStringify({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'BucketEvents',
          Effect: 'Allow',
          Principal: { Service: 's3.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: queue.arn,
          Condition: {
            ArnEquals: { 'aws:SourceArn': uploads.arn },
            StringEquals: { 'aws:SourceAccount': aws.getCallerIdentityOutput().accountId },
          },
        },
        {
          Sid: 'EventBridgeRules',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: queue.arn,
          Condition: { ArnEquals: { 'aws:SourceArn': existing ? [sweep.arn, existing.arn] : [sweep.arn] } },
        },
        denyWithoutTls(queue.arn),
      ],
    }),
  });
  new aws.sqs.QueuePolicy('DeadLettersPolicy', {
    queueUrl: deadLetters.url,
    policy: $jsonStringify({ Version: '2012-10-17', Statement: [denyWithoutTls(deadLetters.arn)] }),
  });

  // S3 tries a message when the notification is set, so the policy has to stand by then.
  new aws.s3.BucketNotification(
    'OriginalsEvents',
    {
      bucket: uploads.bucket,
      queues: [
        {
          id: 'work',
          queueArn: queue.arn,
          events: [
            's3:ObjectCreated:*',
            's3:ObjectRemoved:*',
            's3:LifecycleExpiration:*',
            's3:ObjectRestore:Completed',
          ],
        },
      ],
    },
    { dependsOn: [policy] },
  );

  return { queue, deadLetters };
}

export type Events = ReturnType<typeof createEvents>;

/**
 * Events of a bucket with another owner come by EventBridge, which that owner switches on
 * (docs/deploy.md): a bucket has one notification configuration, and writing it here would replace theirs.
 */
function existingBucketRule(bucket: BucketPlace, queueArn: $util.Input<string>) {
  const { prefix } = currentStage();
  const rule = new aws.cloudwatch.EventRule('ExistingBucket', {
    name: `${$app.name}-${$app.stage}-bucket`,
    description: 'Objects of the existing bucket that came, changed or went',
    eventPattern: $jsonStringify({
      source: ['aws.s3'],
      'detail-type': ['Object Created', 'Object Deleted', 'Object Restore Completed'],
      detail: {
        bucket: { name: [bucket.bucket] },
        ...(prefix === '' ? {} : { object: { key: [{ prefix }] } }),
      },
    }),
  });
  new aws.cloudwatch.EventTarget('ExistingBucketTarget', { rule: rule.name, arn: queueArn });
  return rule;
}

const denyWithoutTls = (queueArn: $util.Input<string>) => ({
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: '*',
  Action: 'sqs:*',
  Resource: queueArn,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});
