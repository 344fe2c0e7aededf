import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import pLimit from 'p-limit';
import { awsError } from '../aws-error.ts';
import { SemblanceError } from '../errors.ts';

/** Messages that one request may carry. */
export const BATCH = 10;
/** s; SQS hides a delivered message for twelve hours at the most, and a new one for a quarter of an hour. */
const LONGEST_HIDING = 43_200;
const LONGEST_DELAY = 900;
/** Attempts to send the messages of a batch that SQS did not accept. */
const MOST_SENDS = 5;
/** Requests at once: a sweep of a lost index sends many messages, and a request takes 20 ms. */
const SENDS_AT_ONCE = 8;

/** A client whose calls end: it retries with jitter, as the SDK does, and no request waits without a limit. */
export const createSqsClient = ({ maxAttempts = 5, requestTimeout = 10_000 } = {}): SQSClient =>
  new SQSClient({ maxAttempts, requestHandler: { connectionTimeout: 3_000, requestTimeout } });

export type Delivery = {
  readonly body: string;
  /** The receipt handle of this delivery. */
  readonly receipt: string;
  /** How often the message was delivered, with this time. */
  readonly deliveries: number;
};

/**
 * What a work queue asks of SQS, for a queue by its URL.
 *
 * Every request throws queue_unavailable (passing) or queue_denied.
 */
export function sqsRequests(client: SQSClient) {
  /** Sends the messages of a batch until SQS has accepted all of them. */
  async function sendBatch(url: string, bodies: readonly string[], delaySeconds: number): Promise<void> {
    let left = [...bodies];
    for (let attempt = 1; left.length > 0; attempt++) {
      const batch = left;
      const { Failed: failed = [] } = await calling(url, () =>
        client.send(
          new SendMessageBatchCommand({
            QueueUrl: url,
            Entries: batch.map((MessageBody, i) => ({
              Id: String(i),
              MessageBody,
              ...(delaySeconds > 0 && { DelaySeconds: Math.min(delaySeconds, LONGEST_DELAY) }),
            })),
          }),
        ),
      );
      left = failed.flatMap(({ Id }) => batch[Number(Id)] ?? []);
      if (left.length === 0) return;
      const [first] = failed;
      if (first?.SenderFault || attempt === MOST_SENDS)
        throw new SemblanceError(
          first?.SenderFault ? 'queue_denied' : 'queue_unavailable',
          `${url} did not accept ${left.length} messages: ${first?.Message ?? first?.Code}`,
        );
      await sleep(100 * 2 ** attempt * Math.random());
    }
  }

  return {
    async send(url: string, bodies: readonly string[], delaySeconds = 0): Promise<void> {
      const limit = pLimit(SENDS_AT_ONCE);
      const batches: string[][] = [];
      for (let start = 0; start < bodies.length; start += BATCH)
        batches.push(bodies.slice(start, start + BATCH));
      await Promise.all(batches.map(batch => limit(sendBatch, url, batch, delaySeconds)));
    },

    /** Up to `most` messages, at the most a batch, hidden from others for so many seconds. */
    async receive(url: string, most: number, visibilitySeconds: number): Promise<Delivery[]> {
      const { Messages: messages = [] } = await calling(url, () =>
        client.send(
          new ReceiveMessageCommand({
            QueueUrl: url,
            MaxNumberOfMessages: Math.min(BATCH, most),
            VisibilityTimeout: visibilitySeconds,
            MessageSystemAttributeNames: ['ApproximateReceiveCount'],
          }),
        ),
      );
      return messages.map(({ Body = '', ReceiptHandle = '', Attributes }) => ({
        body: Body,
        receipt: ReceiptHandle,
        deliveries: Number(Attributes?.ApproximateReceiveCount ?? 1),
      }));
    },

    /** Makes a delivered message visible again after so many seconds. */
    async hide(url: string, receipt: string, seconds: number): Promise<void> {
      await calling(url, () =>
        client.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: url,
            ReceiptHandle: receipt,
            VisibilityTimeout: Math.min(seconds, LONGEST_HIDING),
          }),
        ),
      );
    },

    async delete(url: string, receipt: string): Promise<void> {
      await calling(url, () =>
        client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt })),
      );
    },

    /** SQS's approximate numbers of messages, and the queue's redrive policy as JSON. */
    async attributes(url: string) {
      const { Attributes: attributes = {} } = await calling(url, () =>
        client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })),
      );
      return {
        waiting:
          Number(attributes.ApproximateNumberOfMessages ?? 0) +
          Number(attributes.ApproximateNumberOfMessagesDelayed ?? 0),
        inWork: Number(attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
        redrivePolicy: attributes.RedrivePolicy,
      };
    },
  };
}

async function calling<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw sqsError(error, url);
  }
}

/** An error of SQS, after the SDK's own retries, as one of the product's. */
function sqsError(cause: unknown, url: string): SemblanceError {
  const { status, name, message } = awsError(cause);
  const passing = status === 0 || status >= 500 || status === 429 || /Throttl|ExpiredToken/.test(name);
  const text = `${url}: ${message} (${name})`;
  return new SemblanceError(passing ? 'queue_unavailable' : 'queue_denied', text, { cause });
}
