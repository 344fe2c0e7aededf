import { DEAD_LETTER_DAYS, MAX_RECEIVE_COUNT, VISIBILITY_SECONDS } from './config.ts';
import type { Storage } from './storage.ts';

/** What the embed function reads in a message that asks for a sweep. */
const SWEEP_MESSAGE = { semblance: 'sweep' };

/**
 * The queue of keys to look at, and who may send to it: the bucket of originals, the clock that asks for a
 * sweep every night (it finds what lost events left), and whom embed and search name in their policies.
 */
export function createEvents({ originals }: Pick<Storage, 'originals'>) {
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
            ArnEquals: { 'aws:SourceArn': originals.arn },
            StringEquals: { 'aws:SourceAccount': aws.getCallerIdentityOutput().accountId },
          },
        },
        {
          Sid: 'NightlySweep',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: queue.arn,
          Condition: { ArnEquals: { 'aws:SourceArn': sweep.arn } },
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
      bucket: originals.bucket,
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

const denyWithoutTls = (queueArn: $util.Input<string>) => ({
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: '*',
  Action: 'sqs:*',
  Resource: queueArn,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});
