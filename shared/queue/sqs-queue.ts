import type { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { SemblanceError } from '../errors.ts';
import {
  keyMessage,
  type QueuedKey,
  readMessage,
  type Source,
  type SweepTask,
  sweepMessage,
} from './message.ts';
import { BATCH, type Delivery, sqsRequests } from './sqs-requests.ts';
import type { WorkMessage, WorkQueue } from './work-queue.ts';

export type SqsQueueOptions = {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** Which of S3's notifications in the queue are about our objects. */
  readonly source?: Source;
};

/** The queue of a stage, which also carries the messages that start and continue sweeps. */
export type SqsQueue = WorkQueue & {
  /** Starts a sweep, as the clock does every night, or continues one. */
  sendSweep(task?: SweepTask): Promise<void>;
  /** A message of a key that has failed by its own fault so often, seen after a delay. */
  sendFailed(key: QueuedKey, delaySeconds: number): Promise<void>;
  /** Shows a delivered message, by its own receipt handle, again after so many seconds. */
  hide(receiptHandle: string, seconds: number): Promise<void>;
  /** Moves a body that can't be understood to the dead letters, where people can look at it. */
  bury(body: string): Promise<void>;
};

/** Deliveries after which SQS itself sets a message aside, the most that it allows (stacks/config.ts): ten days of outage. */
export const MOST_DELIVERIES = 1_000;

/** s for which a dead letter is hidden while it is sent to the queue again. */
const REDRIVE_HIDING = 60;

const redriveSchema = z.object({ deadLetterTargetArn: z.string() });

/**
 * A WorkQueue in SQS. Deliveries are not counted as failures, since an outage has many of them: a key that failed
 * is sent again with its number of failures. The redrive policy sets aside only what the functions never
 * took, after a thousand deliveries. Keys are not merged. Counts are SQS's approximations, and what is hidden for a
 * later try counts as in work.
 */
export function openSqsQueue({ client, queueUrl, source }: SqsQueueOptions): SqsQueue {
  const sqs = sqsRequests(client);
  const sendBodies = (bodies: readonly string[]) => sqs.send(queueUrl, bodies);
  const hide = (receiptHandle: string, seconds: number) => sqs.hide(queueUrl, receiptHandle, seconds);
  const sendFailed = (key: QueuedKey, delaySeconds: number) =>
    sqs.send(queueUrl, [keyMessage(key)], delaySeconds);

  /** The messages of single keys; a notification of several becomes a message for each. */
  async function keyMessages(delivered: readonly Delivery[]): Promise<WorkMessage[]> {
    const messages: WorkMessage[] = [];
    for (const { body, receipt, deliveries } of delivered) {
      const work = readMessage(body, source);
      // A body that can't be understood is delivered again, until the queue moves it to the dead letters.
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
        await sqs.delete(queueUrl, receipt);
      }
    }
    return messages;
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
      const url = urlOfDeadLetters((await sqs.attributes(queueUrl)).redrivePolicy);
      if (url === null) throw new SemblanceError('queue_denied', `${queueUrl} has no queue of dead letters`);
      await sqs.send(url, [body]);
    },

    async receive(max, visibilitySeconds) {
      const messages = await keyMessages(await sqs.receive(queueUrl, max, visibilitySeconds));
      const suspect = messages.find(message => message.suspect);
      if (!suspect) return messages;
      const others = messages.filter(message => message !== suspect);
      for (const { receipt } of others) await hide(unpacked(receipt).receipt, 0);
      return [suspect];
    },

    async done(receipt) {
      await sqs.delete(queueUrl, unpacked(receipt).receipt);
    },

    async retryLater(packedReceipt, delaySeconds) {
      const { receipt, ...key } = unpacked(packedReceipt);
      await sendFailed({ ...key, failures: key.failures + 1 }, delaySeconds);
      await sqs.delete(queueUrl, receipt);
    },

    async giveBack(receipt, delaySeconds) {
      await hide(unpacked(receipt).receipt, delaySeconds);
    },

    async counts() {
      const { waiting, inWork, redrivePolicy } = await sqs.attributes(queueUrl);
      const deadLetters = urlOfDeadLetters(redrivePolicy);
      return {
        waiting,
        words: 0,
        inWork,
        dead: deadLetters === null ? 0 : (await sqs.attributes(deadLetters)).waiting,
      };
    },

    async redrive() {
      const deadLetters = urlOfDeadLetters((await sqs.attributes(queueUrl)).redrivePolicy);
      let moved = 0;
      while (deadLetters !== null) {
        const messages = await sqs.receive(deadLetters, BATCH, REDRIVE_HIDING);
        if (messages.length === 0) break;
        await sendBodies(messages.map(({ body }) => body));
        for (const { receipt } of messages) await sqs.delete(deadLetters, receipt);
        moved += messages.length;
      }
      return moved;
    },
  };
}

/** What `retryLater` needs to know of a delivery. */
const receiptSchema = z.object({
  receipt: z.string(),
  key: z.string(),
  failures: z.number(),
  again: z.boolean(),
});
const packed = (delivery: z.infer<typeof receiptSchema>): string => JSON.stringify(delivery);
const unpacked = (receipt: string) => receiptSchema.parse(JSON.parse(receipt));
