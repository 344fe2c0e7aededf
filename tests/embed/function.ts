import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
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
import type { SweepOptions } from '../../shared/indexing/sweep-options.ts';
import { openS3Store } from '../../shared/objects/s3-store.ts';
import { MOST_DELIVERIES, openSqsQueue } from '../../shared/queue/sqs-queue.ts';
import { openEmbeddedIndex } from '../../shared/vectors/embedded-index.ts';
import { bytesOf, openDomain, type Person, schema } from '../indexing/domain.ts';

// Metrics are lines on stdout.
Object.assign(process.env, { POWERTOOLS_METRICS_DISABLED: 'true' });

/** S3 and SQS in this process, and clients of them. */
export async function startAws() {
  const server = await startFauxqs({ port: 0, logger: false });
  const clients = clientsOf(server.address);
  return {
    server,
    ...clients,
    async close() {
      clients.s3.destroy();
      clients.sqs.destroy();
      await server.stop();
    },
  };
}

export function clientsOf(endpoint: string) {
  const settings = {
    endpoint,
    // This is where the server puts queues that are created without a region.
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  return { s3: new S3Client({ ...settings, forcePathStyle: true }), sqs: new SQSClient(settings) };
}
export type Aws = Awaited<ReturnType<typeof startAws>>;

const data = mkdtempSync(join(tmpdir(), 'semblance-embed-'));
process.once('exit', () => rmSync(data, { recursive: true, force: true }));

/** Where a function's buckets, queue and index are, for it and for another process. */
export type FunctionPlaces = {
  readonly bucket: string;
  readonly prefix: string;
  readonly derivedBucket: string;
  readonly queueUrl: string;
  readonly indexFile: string;
};

/**
 * The embed function with its real handler on new buckets and a new queue, a reader that needs no model, and
 * the part of Lambda that polls the queue for it.
 */
export async function openFunction(aws: Aws, overrides: Partial<ReconcileDeps> = {}, prefix = '') {
  const name = randomUUID().slice(0, 8);
  const dead = aws.server.createQueue(`dead-${name}`);
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: dead.queueArn,
    maxReceiveCount: MOST_DELIVERIES,
  });
  const { queueUrl } = aws.server.createQueue(`work-${name}`, { attributes: { RedrivePolicy } });
  const places: FunctionPlaces = {
    bucket: aws.server.createBucket(`originals-${name}`).bucketName,
    prefix,
    derivedBucket: aws.server.createBucket(`derived-${name}`).bucketName,
    queueUrl,
    indexFile: join(data, `${name}.sqlite`),
  };
  const opened = await openAt(aws, places, overrides);
  return {
    ...opened,
    ...places,
    /** Puts a body into the queue, as S3, EventBridge or the clock do. */
    queueMessage: (body: unknown) =>
      aws.server.sendMessage(`work-${name}`, typeof body === 'string' ? body : JSON.stringify(body)),
    /** One batch in another process, which is killed when it comes to this image. */
    async pollInProcessThatDies(text: string): Promise<'killed' | 'done'> {
      const child = fork(join(import.meta.dirname, 'dying-child.ts'), [
        aws.server.address,
        JSON.stringify(places),
        text,
      ]);
      const [code, signal] = await once(child, 'exit');
      if (signal === 'SIGKILL') return 'killed';
      if (code === 0) return 'done';
      throw new Error(`The child ended with ${code}`);
    },
  };
}

/** The function on buckets and a queue that are there. */
export async function openAt(
  { s3, sqs }: Pick<Aws, 's3' | 'sqs'>,
  { bucket, prefix, derivedBucket, queueUrl, indexFile }: FunctionPlaces,
  overrides: Partial<ReconcileDeps> = {},
) {
  const sweepOptions: { -readonly [Name in keyof SweepOptions]: SweepOptions[Name] } = {};
  const place = { bucket, prefix };
  const source = [place];
  const originals = openS3Store({ client: s3, ...place });
  const derived = openS3Store({ client: s3, bucket: derivedBucket });
  const queue = openSqsQueue({ client: sqs, queueUrl, source });
  const index = await openEmbeddedIndex({ file: indexFile, schema });
  await index.bootstrap();
  const domain = openDomain({ originals, derived, index, queue, storeTellsQueue: true }, overrides);

  const logger = new Logger({ serviceName: 'embed', logLevel: 'SILENT' });
  const metrics = new Metrics({ namespace: 'Semblance', serviceName: 'embed' });
  const delays: number[] = [];
  const deps: EmbedDeps = {
    keyWork: domain.keyWork,
    sweeps: [({ signal, ...place }) => domain.sweepStep({ signal, ...sweepOptions }, place)],
    queue: {
      ...queue,
      async hide(receipt, delay) {
        delays.push(delay);
        await queue.hide(receipt, delay);
      },
      async sendFailed(key, delay) {
        delays.push(delay);
        await queue.sendFailed(key, delay);
      },
    },
    source,
    logger,
    metrics,
  };
  const handler = createEmbedHandler(deps);

  /** One batch as Lambda takes it: what the response doesn't report as failed is deleted. */
  async function poll(context: Partial<Context> = {}, batch = 10): Promise<number> {
    const { Messages: messages = [] } = await sqs.send(
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
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    return messages.length;
  }

  return {
    ...domain,
    handler,
    sweepOptions,
    metrics,
    delays,
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

export const atBucket = (originals: ReconcileDeps['originals']): Person => ({
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
