import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import pLimit from 'p-limit';
import { z } from 'zod';
import { hasCode, isPassing, SemblanceError } from '../../shared/errors.ts';
import type { Outcome, Reconcile } from '../../shared/indexing/reconcile.ts';
import type { SweepReport } from '../../shared/indexing/sweep.ts';
import { readMessage, type Source, type Work } from '../../shared/queue/message.ts';
import { backoffSeconds, type WorkQueue } from '../../shared/queue/work-queue.ts';

/** What is done with a message. */
export type EmbedWork = {
  readonly reconcile: Reconcile;
  readonly sweep: (signal: AbortSignal) => Promise<SweepReport>;
  readonly queue: Pick<WorkQueue, 'retryLater'>;
  readonly source: Source;
};

export type EmbedDeps = EmbedWork & {
  readonly logger: Logger;
  readonly metrics: Metrics;
};

export type EmbedHandler = (event: unknown, context: Context) => Promise<SQSBatchResponse>;

/** Messages in work at once: while one image is computed the next is fetched. */
const AT_ONCE = 2;

/** ms that an image may need, its words included; with less left the key goes back to the queue. */
const TIME_FOR_A_KEY = 30_000;
/** ms kept back when a sweep is stopped. */
const TIME_TO_END = 10_000;

const attributesSchema = z.object({ ApproximateReceiveCount: z.coerce.number().int().positive() });
const eventSchema = z.object({
  Records: z.array(
    z.looseObject({
      messageId: z.string(),
      receiptHandle: z.string(),
      body: z.string(),
      attributes: attributesSchema,
    }),
  ),
});

/**
 * Takes a batch of the work queue. A message whose keys are all settled, as an index entry or as a failure
 * record, is gone; any other is reported as failed and comes again, later each time, until it is a dead letter.
 */
export function createEmbedHandler(deps: EmbedDeps): EmbedHandler {
  const { logger, metrics } = deps;

  async function handle(record: SQSRecord, context: Context): Promise<void> {
    try {
      assertTime(context);
      await work(understood(record), context);
    } catch (error) {
      await comeAgain(record, error);
      throw error;
    }
  }

  function understood(record: SQSRecord): Work {
    const found = readMessage(record.body, deps.source);
    if (found) return found;
    throw new SemblanceError(
      'invalid_request',
      `A message is none of S3's or ours: ${record.body.slice(0, 200)}`,
    );
  }

  /** All keys get their turn, also after one that failed; the message then comes again for that one. */
  async function work({ keys, sweep }: Work, context: Context): Promise<void> {
    const errors: unknown[] = [];
    for (const { key, again } of keys) {
      try {
        assertTime(context);
        tell(await deps.reconcile(key, { again }));
      } catch (error) {
        logger[isPassing(error) ? 'warn' : 'error']('A key could not be settled', {
          key,
          ...described(error),
        });
        errors.push(error);
      }
    }
    if (sweep) await compare(context);
    if (errors.length > 0) throw errors[0];
  }

  async function compare(context: Context): Promise<void> {
    const time = Math.max(0, context.getRemainingTimeInMillis() - TIME_TO_END);
    const signal = AbortSignal.timeout(time);
    try {
      logger.info('Compared bucket and index', { ...(await deps.sweep(signal)) });
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new SemblanceError('out_of_time', `The bucket could not be compared within ${time} ms`, {
        cause: error,
      });
    }
  }

  function tell(outcome: Outcome): void {
    const { type, ...fields } = outcome;
    logger.info(`A key is settled: ${type}`, fields);
    metrics.addMetric(METRICS[type], MetricUnit.Count, 1);
  }

  /** Lets the message be seen again later the more often it failed; what only ran out of time, at once. */
  async function comeAgain(record: SQSRecord, error: unknown): Promise<void> {
    metrics.addMetric('Retried', MetricUnit.Count, 1);
    const attempts = Number(record.attributes.ApproximateReceiveCount);
    const delay = hasCode(error, 'out_of_time') ? 0 : backoffSeconds(attempts);
    logger.warn('A message comes again', {
      messageId: record.messageId,
      attempts,
      delay,
      ...described(error),
    });
    try {
      await deps.queue.retryLater(record.receiptHandle, delay);
    } catch (cause) {
      // it comes again all the same, when the queue's own time is over
      logger.warn('The delay of a message could not be set', described(cause));
    }
  }

  return async (raw, context) => {
    logger.addContext(context);
    eventSchema.parse(raw);
    const event = raw as SQSEvent;
    const limit = pLimit(AT_ONCE);
    try {
      return await processPartialResponse(
        event,
        (record: SQSRecord) => limit(handle, record, context),
        new BatchProcessor(EventType.SQS),
        { context, throwOnFullBatchFailure: false },
      );
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}

const METRICS = {
  indexed: 'Indexed',
  read: 'WordsRead',
  updated: 'Updated',
  removed: 'Removed',
  unchanged: 'Unchanged',
  ignored: 'Ignored',
  failed: 'Failed',
} as const satisfies Record<Outcome['type'], string>;

function assertTime(context: Context): void {
  const left = context.getRemainingTimeInMillis();
  if (left < TIME_FOR_A_KEY) throw new SemblanceError('out_of_time', `${left} ms are left`);
}

const described = (error: unknown) =>
  error instanceof SemblanceError
    ? { code: error.code, error }
    : { error: error instanceof Error ? error : String(error) };
