import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { S3Client } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSRecord } from 'aws-lambda';
import { startFauxqs } from 'fauxqs';
import { createEmbedHandler, type EmbedDeps } from '../../functions/embed/batch.ts';
import type { ReconcileDeps } from '../../shared/indexing/reconcile.ts';
import { openS3Store } from '../../shared/objects/s3-store.ts';
import { openSqsQueue } from '../../shared/queue/sqs-queue.ts';
import { MAX_ATTEMPTS } from '../../shared/queue/work-queue.ts';
import { openEmbeddedIndex } from '../../shared/vectors/embedded-index.ts';
import { bytesOf, openDomain, type Person, schema } from '../indexing/domain.ts';

// they are lines on stdout
Object.assign(process.env, { POWERTOOLS_METRICS_DISABLED: 'true' });

/** S3 and SQS in this process, and clients of them. */
export async function startAws() {
  const server = await startFauxqs({ port: 0, logger: false });
  const settings = {
    endpoint: server.address,
    // where the server puts queues that are created without a region
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const sqs = new SQSClient(settings);
  return {
    server,
    s3,
    sqs,
    async close() {
      s3.destroy();
      sqs.destroy();
      await server.stop();
    },
  };
}
export type Aws = Awaited<ReturnType<typeof startAws>>;

const data = mkdtempSync(join(tmpdir(), 'semblance-embed-'));
process.once('exit', () => rmSync(data, { recursive: true, force: true }));

/**
 * The embed function with its real handler on new buckets and a new queue, a reader that needs no model, and
 * the part of Lambda that polls the queue for it.
 */
export async function openFunction(aws: Aws, overrides: Partial<ReconcileDeps> = {}, prefix = '') {
  const name = randomUUID().slice(0, 8);
  const bucket = aws.server.createBucket(`originals-${name}`).bucketName;
  const derivedBucket = aws.server.createBucket(`derived-${name}`).bucketName;
  const dead = aws.server.createQueue(`dead-${name}`);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.queueArn, maxReceiveCount: MAX_ATTEMPTS });
  const { queueUrl } = aws.server.createQueue(`work-${name}`, { attributes: { RedrivePolicy } });

  const place = { bucket, prefix };
  const source = [place];
  const originals = openS3Store({ client: aws.s3, ...place });
  const derived = openS3Store({ client: aws.s3, bucket: derivedBucket });
  const queue = openSqsQueue({ client: aws.sqs, queueUrl, source });
  const index = await openEmbeddedIndex({ file: join(data, `${name}.sqlite`), schema });
  await index.bootstrap();
  const domain = openDomain({ originals, derived, index, queue, storeTellsQueue: true }, overrides);

  const logger = new Logger({ serviceName: 'embed', logLevel: 'SILENT' });
  const metrics = new Metrics({ namespace: 'Semblance', serviceName: 'embed' });
  const delays: number[] = [];
  const deps: EmbedDeps = {
    reconcile: domain.reconcile,
    sweep: signal => domain.sweep({ signal }),
    queue: {
      async retryLater(receipt, delay) {
        delays.push(delay);
        await queue.retryLater(receipt, delay);
      },
    },
    source,
    logger,
    metrics,
  };
  const handler = createEmbedHandler(deps);

  /** One batch as Lambda takes it: what the response doesn't report as failed is deleted. */
  async function poll(context: Partial<Context> = {}, batch = 10): Promise<number> {
    const { Messages: messages = [] } = await aws.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: batch,
        VisibilityTimeout: 720,
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (messages.length === 0) return 0;
    const records = messages.map(message => sqsRecord(message.Body ?? '', message));
    const { batchItemFailures } = await handler({ Records: records }, contextWith(context));
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { MessageId = '', ReceiptHandle } of messages)
      if (!failed.has(MessageId))
        await aws.sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    return messages.length;
  }

  return {
    ...domain,
    bucket,
    queueUrl,
    handler,
    metrics,
    delays,
    /** Puts a body into the queue, as S3, EventBridge or the clock do. */
    tell: (body: unknown) =>
      aws.server.sendMessage(`work-${name}`, typeof body === 'string' ? body : JSON.stringify(body)),
    poll,
    /** Polls until nothing is to be seen. */
    async pollAll(): Promise<void> {
      while ((await poll()) > 0);
    },
    person: atBucket(originals),
    async deliver(key: string): Promise<void> {
      const record = sqsRecord(JSON.stringify(s3Event('ObjectCreated:Put', bucket, prefix + key)));
      for (let attempt = 1; attempt <= 10; attempt++) {
        const { batchItemFailures } = await handler({ Records: [record] }, contextWith({}));
        if (batchItemFailures.length === 0) return;
      }
    },
    close: () => index.close(),
  };
}

const atBucket = (originals: ReconcileDeps['originals']): Person => ({
  async write(key, text) {
    await originals.put(key, bytesOf(text), { contentType: 'image/png' });
  },
  remove: key => originals.delete(key),
  rename: (from, to) => (from === to ? Promise.resolve(false) : originals.move(from, to)),
});

export const contextWith = (parts: Partial<Context>): Context => ({
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'embed',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:embed',
  memoryLimitInMB: '3008',
  awsRequestId: randomUUID(),
  logGroupName: '/aws/lambda/embed',
  logStreamName: 'x',
  getRemainingTimeInMillis: () => 120_000,
  done() {},
  fail() {},
  succeed() {},
  ...parts,
});

function sqsRecord(body: string, message: Message = {}): SQSRecord {
  return {
    messageId: message.MessageId ?? randomUUID(),
    receiptHandle: message.ReceiptHandle ?? randomUUID(),
    body,
    attributes: {
      ApproximateReceiveCount: message.Attributes?.ApproximateReceiveCount ?? '1',
      SentTimestamp: '1767323045678',
      SenderId: 'AIDAEXAMPLE',
      ApproximateFirstReceiveTimestamp: '1767323045700',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:work',
    awsRegion: 'eu-central-1',
  };
}

/** What S3 sends (event message structure 2.1), its keys form-encoded. */
export const s3Event = (eventName: string, bucket: string, ...keys: string[]) => ({
  Records: keys.map(key => ({
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'eu-central-1',
    eventTime: '2026-01-02T03:04:05.678Z',
    eventName,
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'work',
      bucket: { name: bucket, ownerIdentity: { principalId: 'A3NL1' }, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
        sequencer: '0055AED6DCD90281E5',
      },
    },
  })),
});
