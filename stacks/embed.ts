import { EMBED_BATCH_SIZE, EMBED_TIMEOUT_SECONDS } from './config.ts';
import { containerFunction } from './container-function.ts';
import { environmentOf, type Parts } from './environment.ts';
import { currentStage } from './stage.ts';

/** Takes keys from the queue and makes index and thumbnails agree with the bucket. */
export function createEmbed(parts: Parts) {
  const { originals, uploads, derived } = parts.storage;
  const { queue, deadLetters } = parts.events;
  const settings = currentStage().embed;
  // One bucket, or two where the images lie in one that exists already.
  const read = [...new Set([originals, uploads])];
  const embed = containerFunction('Embed', {
    image: parts.image,
    command: 'functions/embed/handler.handler',
    description: 'Indexes images',
    memory: settings.memory,
    timeout: EMBED_TIMEOUT_SECONDS,
    // Of two models, while one takes over from the other, both indexes are kept.
    environment: { ...environmentOf(parts), SEMBLANCE_MODEL: parts.image.models.join(',') },
    permissions: [
      // Without s3:ListBucket S3 responds with 403, not 404, for a missing key, and no removal would ever be seen.
      { actions: ['s3:ListBucket'], resources: [...read, derived].map(({ arn }) => arn) },
      { actions: ['s3:GetObject'], resources: read.map(({ arn }) => $interpolate`${arn}/*`) },
      {
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        resources: [$interpolate`${derived.arn}/*`],
      },
      {
        // SendMessage: a sweep queues what it finds.
        actions: [
          'sqs:ReceiveMessage',
          'sqs:DeleteMessage',
          'sqs:ChangeMessageVisibility',
          'sqs:GetQueueAttributes',
          'sqs:SendMessage',
        ],
        resources: [queue.arn],
      },
      {
        // Messages that can not be understood are kept there.
        actions: ['sqs:SendMessage'],
        resources: [deadLetters.arn],
      },
    ],
  });

  new aws.lambda.EventSourceMapping('EmbedSource', {
    eventSourceArn: queue.arn,
    functionName: embed.name,
    batchSize: EMBED_BATCH_SIZE,
    functionResponseTypes: ['ReportBatchItemFailures'],
    scalingConfig: { maximumConcurrency: settings.concurrency },
  });

  return embed;
}
