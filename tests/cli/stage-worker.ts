import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { openEmbedFunction } from '../../functions/embed/compose.ts';
import { parseConfig } from '../../shared/config.ts';
import { readMessage } from '../../shared/queue/message.ts';
import { createSqsClient } from '../../shared/queue/sqs-requests.ts';
import { silent } from '../indexing/domain.ts';

export type EmbedProcess = Awaited<ReturnType<typeof startEmbedProcess>>;

/** The embed function of a stage in this process, without Lambda around it. */
export async function startEmbedProcess(environment: Record<string, string>) {
  Object.assign(process.env, environment);
  const work = await openEmbedFunction(parseConfig({ ...environment, SEMBLANCE_OCR: 'off' }), silent);
  const sqs = createSqsClient();
  const QueueUrl = environment['SEMBLANCE_QUEUE_URL'] ?? '';
  return {
    /** Works off all that is queued. */
    async settle(): Promise<void> {
      for (;;) {
        const { Messages: messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
        );
        if (messages.length === 0) return;
        for (const { Body = '', ReceiptHandle } of messages) {
          for (const key of readMessage(Body)?.keys ?? []) await work.keyWork({ ...key, suspect: false });
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    },
    async close(): Promise<void> {
      sqs.destroy();
    },
  };
}
