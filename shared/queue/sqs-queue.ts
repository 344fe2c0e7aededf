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
import { z } from 'zod';
import { awsError } from '../aws-error.ts';
import { SemblanceError } from '../errors.ts';
import {
  type KeyToLookAt,
  keyMessage,
  readMessage,
  type Source,
  type SweepTask,
  sweepMessage,
} from './message.ts';
import type { WorkMessage, WorkQueue } from './work-queue.ts';

export type SqsQueueOptions = {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** Which of S3's notifications in the queue are about our objects. */
  readonly source?: Source;
};

/** The queue of a stage, in which also sweeps are asked for. */
export type SqsQueue = WorkQueue & {
  /** Asks for a comparison of all that is stored with all that is indexed, as the clock does every night, or goes on with one. */
  sendSweep(task?: SweepTask): Promise<void>;
  /** A message of a key that has failed by its own fault so often, seen after a delay. */
  sendFailed(key: KeyToLookAt, delaySeconds: number): Promise<void>;
  /** Shows a delivered message, by its own receipt handle, again after so many seconds. */
  hide(receiptHandle: string, seconds: number): Promise<void>;
  /** Puts a body that nobody understands into the dead letters, where people can look at it. */
  bury(body: string): Promise<void>;
};

/** What one call may carry. */
const BATCH = 10;
/** s; SQS hides a delivered message for twelve hours at the most, and a new one for a quarter of an hour. */
const LONGEST_HIDING = 43_200;
const LONGEST_DELAY = 900;
const MOST_SENDS = 5;
/** A sweep of a lost index sends many: ten a request take 20 ms each. */
const SENDS_AT_ONCE = 8;

/** Deliveries after which SQS itself sets a message aside, the most that it takes (stacks/config.ts): ten days of outage. */
export const MOST_DELIVERIES = 1_000;

const redriveSchema = z.object({ deadLetterTargetArn: z.string() });

/** A client whose calls end: the SDK's retries with jitter, and no wait without an end. */
export const createSqsClient = ({ maxAttempts = 5, requestTimeout = 10_000 } = {}): SQSClient =>
  new SQSClient({ maxAttempts, requestHandler: { connectionTimeout: 3_000, requestTimeout } });

/**
 * A WorkQueue in SQS. Deliveries are not counted as failures, since an outage has many of them: a key that failed
 * is sent anew with its number of failures. The redrive policy sets aside only what the functions never
 * took, after a thousand deliveries. Keys are not merged. Counts are SQS's approximations, and what is hidden for a
 * later try counts as in work.
 */
export function openSqsQueue({ client, queueUrl, source }: SqsQueueOptions): SqsQueue {
  const calling = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw sqsError(error, queueUrl);
    }
  };

  async function sendBodies(
    bodies: readonly string[],
    place: { readonly url?: string; readonly delay?: number } = {},
  ): Promise<void> {
    const limit = pLimit(SENDS_AT_ONCE);
    const batches: string[][] = [];
    for (let start = 0; start < bodies.length; start += BATCH)
      batches.push(bodies.slice(start, start + BATCH));
    await Promise.all(batches.map(batch => limit(sendBatch, batch, place)));
  }

  async function sendBatch(
    bodies: readonly string[],
    { url = queueUrl, delay = 0 }: { readonly url?: string; readonly delay?: number },
  ): Promise<void> {
    let left = [...bodies];
    for (let attempt = 1; left.length > 0; attempt++) {
      const batch = left;
      const { Failed: failed = [] } = await calling(() =>
        client.send(
          new SendMessageBatchCommand({
            QueueUrl: url,
            Entries: batch.map((MessageBody, i) => ({
              Id: String(i),
              MessageBody,
              ...(delay > 0 && { DelaySeconds: Math.min(delay, LONGEST_DELAY) }),
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
          `${url} did not take ${left.length} messages: ${first?.Message ?? first?.Code}`,
        );
      await sleep(100 * 2 ** attempt * Math.random());
    }
  }

  async function take(url: string, most: number, visibilitySeconds: number) {
    const { Messages: messages = [] } = await calling(() =>
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
  }

  const hide = async (receiptHandle: string, seconds: number): Promise<void> => {
    await calling(() =>
      client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: Math.min(seconds, LONGEST_HIDING),
        }),
      ),
    );
  };

  const sendFailed = (key: KeyToLookAt, delay: number): Promise<void> =>
    sendBodies([keyMessage(key)], { delay });

  /** The messages of single keys; a notification of several becomes a message for each. */
  async function keyMessages(delivered: Awaited<ReturnType<typeof take>>): Promise<WorkMessage[]> {
    const messages: WorkMessage[] = [];
    for (const { body, receipt, deliveries } of delivered) {
      const work = readMessage(body, source);
      // nobody knows what it asks for: it comes again until the queue sets it aside, where people can look at it
      if (!work) continue;
      const [first, ...others] = work.keys;
      if (first && others.length === 0) {
        messages.push({
          ...first,
          receipt: packed({ receipt, ...first }),
          suspect: deliveries > 1,
          words: false,
        });
      } else {
        await sendBodies(work.keys.map(keyMessage));
        await drop(queueUrl, receipt);
      }
    }
    return messages;
  }

  const drop = (url: string, receipt: string): Promise<unknown> =>
    calling(() => client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receipt })));

  async function attributesOf(url: string) {
    const { Attributes: attributes = {} } = await calling(() =>
      client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })),
    );
    return {
      waiting:
        Number(attributes.ApproximateNumberOfMessages ?? 0) +
        Number(attributes.ApproximateNumberOfMessagesDelayed ?? 0),
      inWork: Number(attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
      redrivePolicy: attributes.RedrivePolicy,
    };
  }

  /** A queue's dead letters are in a queue of the same account and region. */
  function urlOfDeadLetters(redrivePolicy: string | undefined): string | null {
    if (redrivePolicy === undefined) return null;
    const { deadLetterTargetArn } = redriveSchema.parse(JSON.parse(redrivePolicy));
    const name = deadLetterTargetArn.split(':').at(-1) ?? '';
    return queueUrl.replace(/[^/]+$/, name);
  }

  return {
    send: (keys, { again = false } = {}) =>
      sendBodies([...new Set(keys)].map(key => keyMessage({ key, failures: 0, again }))),
    sendSweep: (task = { run: null, model: 0 }) => sendBodies([sweepMessage(task)]),

    sendFailed,
    hide,

    async bury(body) {
      const url = urlOfDeadLetters((await attributesOf(queueUrl)).redrivePolicy);
      if (url === null) throw new SemblanceError('queue_denied', `${queueUrl} has no queue of dead letters`);
      await sendBodies([body], { url });
    },

    async receive(max, visibilitySeconds) {
      const messages = await keyMessages(await take(queueUrl, max, visibilitySeconds));
      const suspect = messages.find(message => message.suspect);
      if (!suspect) return messages;
      const others = messages.filter(message => message !== suspect);
      for (const { receipt } of others) await hide(unpacked(receipt).receipt, 0);
      return [suspect];
    },

    async done(receipt) {
      await drop(queueUrl, unpacked(receipt).receipt);
    },

    async retryLater(packedReceipt, delaySeconds) {
      const { receipt, ...key } = unpacked(packedReceipt);
      await sendFailed({ ...key, failures: key.failures + 1 }, delaySeconds);
      await drop(queueUrl, receipt);
    },

    async giveBack(receipt, delaySeconds) {
      await hide(unpacked(receipt).receipt, delaySeconds);
    },

    async counts() {
      const { waiting, inWork, redrivePolicy } = await attributesOf(queueUrl);
      const deadLetters = urlOfDeadLetters(redrivePolicy);
      return {
        waiting,
        words: 0,
        inWork,
        dead: deadLetters === null ? 0 : (await attributesOf(deadLetters)).waiting,
      };
    },

    async redrive() {
      const deadLetters = urlOfDeadLetters((await attributesOf(queueUrl)).redrivePolicy);
      let moved = 0;
      while (deadLetters !== null) {
        const messages = await take(deadLetters, BATCH, 60);
        if (messages.length === 0) break;
        await sendBodies(messages.map(({ body }) => body));
        for (const { receipt } of messages) await drop(deadLetters, receipt);
        moved += messages.length;
      }
      return moved;
    },
  };
}

/** What `retryLater` has to know of a delivery. */
const receiptSchema = z.object({
  receipt: z.string(),
  key: z.string(),
  failures: z.number(),
  again: z.boolean(),
});
const packed = (delivery: z.infer<typeof receiptSchema>): string => JSON.stringify(delivery);
const unpacked = (receipt: string) => receiptSchema.parse(JSON.parse(receipt));

/** What SQS says in the product's terms, after the SDK's own retries. */
function sqsError(cause: unknown, queueUrl: string): SemblanceError {
  if (cause instanceof SemblanceError) return cause;
  const { status, name, message } = awsError(cause);
  const passing = status === 0 || status >= 500 || status === 429 || /Throttl|ExpiredToken/.test(name);
  const text = `${queueUrl}: ${message} (${name})`;
  return new SemblanceError(passing ? 'queue_unavailable' : 'queue_denied', text, { cause });
}
