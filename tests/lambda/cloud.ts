import { randomUUID } from 'node:crypto';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import { startQdrantServer } from '../qdrant-server/server.ts';

export const ADMIN_TOKEN = 'admin-of-tests';
export const ACCESS_TOKEN = 'access-of-tests';
const QDRANT_KEY = 'qdrant-of-tests';
const REGION = 'eu-central-1';

/** The services that the functions stand on, on this machine, and the events that reach the functions. */
export async function startCloud(model: string) {
  const aws = await startFauxqs({ port: 0, logger: false, defaultRegion: REGION });
  const qdrant = await startQdrantServer({ apiKey: QDRANT_KEY });
  const originals = aws.createBucket('originals').bucketName;
  const derived = aws.createBucket('derived').bucketName;
  const deadLetters = aws.createQueue('dead-letters');
  const work = aws.createQueue('work', {
    attributes: {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.queueArn, maxReceiveCount: 5 }),
    },
  });
  // The host that fauxqs names resolves on some machines only.
  const queueUrl = new URL(new URL(work.queueUrl).pathname, aws.address).href;
  const client = {
    endpoint: aws.address,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const sqs = new SQSClient(client);

  const shared = {
    // Read by the AWS SDK.
    AWS_ENDPOINT_URL: aws.address,
    QDRANT_URL: qdrant.url,
    QDRANT_API_KEY: QDRANT_KEY,
    SEMBLANCE_MODEL: model,
    SEMBLANCE_BUCKET: originals,
    SEMBLANCE_DERIVED_BUCKET: derived,
    SEMBLANCE_QUEUE_URL: queueUrl,
    SEMBLANCE_ID_NAMESPACE: '0f4e3a52-6c1d-4b7a-9f0e-2d8c5b6a7e91',
  };
  return {
    qdrant,
    originals,
    /** As stacks/ sets them. */
    embedEnvironment: shared,
    searchEnvironment: {
      ...shared,
      SEMBLANCE_ACCESS_TOKENS: ACCESS_TOKEN,
      SEMBLANCE_ADMIN_TOKENS: ADMIN_TOKEN,
      SEMBLANCE_CORS_ORIGINS: 'https://page.example',
    },
    /** Stores an object; the event that S3 would send, as the function gets it. */
    async put(key: string, body: Uint8Array) {
      await s3.send(new PutObjectCommand({ Bucket: originals, Key: key, Body: body }));
      return sqsEvent([s3Event('ObjectCreated:Put', originals, key)]);
    },
    async remove(key: string) {
      await s3.send(new DeleteObjectCommand({ Bucket: originals, Key: key }));
    },
    /** Bodies of the messages that wait. */
    async queued(): Promise<unknown[]> {
      const { Messages: messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
      );
      for (const { ReceiptHandle } of messages)
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
      return messages.map(({ Body = '' }) => JSON.parse(Body));
    },
    async close() {
      s3.destroy();
      sqs.destroy();
      await qdrant.close();
      await aws.stop();
    },
  };
}

export type Cloud = Awaited<ReturnType<typeof startCloud>>;

/** What S3 sends (event message structure 2.1): form-encoded key, as in recorded events. */
export const s3Event = (eventName: string, bucket: string, key: string) => ({
  Records: [
    {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'eu-central-1',
      eventTime: '2026-01-02T03:04:05.678Z',
      eventName,
      userIdentity: { principalId: 'AWS:AIDAEXAMPLE' },
      requestParameters: { sourceIPAddress: '192.0.2.1' },
      responseElements: { 'x-amz-request-id': 'C3D13FE58DE4C810' },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'work',
        bucket: { name: bucket, ownerIdentity: { principalId: 'A3NL1' }, arn: `arn:aws:s3:::${bucket}` },
        object: {
          key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
          sequencer: '0055AED6DCD90281E5',
        },
      },
    },
  ],
});

/** What Lambda's poller makes of messages with these bodies. */
export const sqsEvent = (bodies: readonly unknown[]) => ({
  Records: bodies.map(body => ({
    messageId: randomUUID(),
    receiptHandle: `receipt-${randomUUID()}`,
    body: JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1767323045678',
      SenderId: 'AIDAEXAMPLE',
      ApproximateFirstReceiveTimestamp: '1767323045700',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:work',
    awsRegion: 'eu-central-1',
  })),
});

type HttpRequest = { headers?: Record<string, string>; body?: string; base64?: boolean };

/** What a Function URL gives the function (payload format 2.0). */
export function urlEvent(method: string, pathAndQuery: string, request: HttpRequest = {}) {
  const { pathname, search } = new URL(pathAndQuery, 'http://function');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: {
      host: 'abc.lambda-url.eu-central-1.on.aws',
      'x-access-token': ACCESS_TOKEN,
      ...request.headers,
    },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abc',
      domainName: 'abc.lambda-url.eu-central-1.on.aws',
      domainPrefix: 'abc',
      http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: '02/Jan/2026:03:04:05 +0000',
      timeEpoch: 1767323045678,
    },
    ...(request.body === undefined ? {} : { body: request.body }),
    isBase64Encoded: request.base64 ?? false,
  };
}
