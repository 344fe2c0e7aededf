import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import pLimit from 'p-limit';
import { z } from 'zod';
import { hasCode, SemblanceError } from '../../shared/errors.ts';
import type { KeyWork } from '../../shared/indexing/key-work.ts';
import type { Outcome } from '../../shared/indexing/reconcile.ts';
import type { SweepStep } from '../../shared/indexing/sweep.ts';
import { type QueuedKey, readMessage, type Source, type SweepTask } from '../../shared/queue/message.ts';
import type { SqsQueue } from '../../shared/queue/sqs-queue.ts';
import { backoffSeconds } from '../../shared/queue/work-queue.ts';

/** What is done with a message. */
export type EmbedWork = {
  readonly keyWork: KeyWork;
  /** Of each model, the first before the others: a step of a sweep, or more as long as there is time. */
  readonly sweeps: readonly ((place: SweepPlace) => Promise<SweepStep>)[];
  readonly queue: Pick<SqsQueue, 'hide' | 'sendFailed' | 'sendSweep' | 'bury'>;
  readonly source: Source;
};

export type SweepPlace = {
  readonly run: string | undefined;
  readonly isShort: () => boolean;
  readonly signal: AbortSignal;
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
/** ms that a step of a sweep may need; with less left it is handed on. */
const TIME_FOR_A_STEP = 60_000;
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
 * Takes a batch of the work queue. A message whose keys are all settled, as an index entry or as a failure record,
 * is gone. A key that failed by its own fault is sent again, with its number of failures. While the index, the store or the
 * model are unavailable, the whole batch goes back unchanged, with a longer delay each time.
 *
 * A message that was delivered before may have ended the process that had it, and its neighbours with it: those are
 * worked on one after the other, before the others and each with a note of its own (key-work.ts).
 */
export function createEmbedHandler(deps: EmbedDeps): EmbedHandler {
  const { logger, metrics, queue } = deps;

  async function handleBatch(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
    const batch = createBatch(context);
    const isSuspect = (record: SQSRecord) => deliveriesOf(record) > 1;
    const parts = [
      { records: event.Records.filter(isSuspect), limit: pLimit(1) },
      { records: event.Records.filter(record => !isSuspect(record)), limit: pLimit(AT_ONCE) },
    ];
    const failures: SQSBatchResponse['batchItemFailures'] = [];
    for (const { records, limit } of parts) {
      if (records.length === 0) continue;
      const response = await processPartialResponse(
        { Records: records },
        (record: SQSRecord) => limit(batch.handle, record),
        new BatchProcessor(EventType.SQS),
        { context, throwOnFullBatchFailure: false },
      );
      failures.push(...response.batchItemFailures);
    }
    return { batchItemFailures: failures };
  }

  function createBatch(context: Context) {
    /** What the batch waits for, once one of its keys has met it. */
    let away: SemblanceError | null = null;

    async function handle(record: SQSRecord): Promise<void> {
      try {
        if (away) throw away;
        assertTime(context);
        await work(record);
      } catch (error) {
        await goBack(record, error);
        throw error;
      }
    }

    async function work(record: SQSRecord): Promise<void> {
      const message = readMessage(record.body, deps.source);
      if (!message) return bury(record);
      const suspect = deliveriesOf(record) > 1;
      for (const key of message.keys) {
        assertTime(context);
        await workOn(key, suspect);
      }
      if (message.sweep) await compare(message.sweep, context);
    }

    async function workOn({ key, failures, again }: QueuedKey, suspect: boolean): Promise<void> {
      const result = await deps.keyWork({ key, failures, again, suspect });
      switch (result.type) {
        case 'settled':
          return logOutcome(result.outcome);
        case 'failed': {
          const { error, delaySeconds } = result;
          logger.warn('A key is tried again later', { key, delaySeconds, ...described(error) });
          metrics.addMetric('Retried', MetricUnit.Count, 1);
          return queue.sendFailed({ key, failures: failures + 1, again }, delaySeconds);
        }
        case 'held':
          away = result.error;
          throw result.error;
      }
    }

    return { handle };
  }

  async function bury({ body, messageId }: SQSRecord): Promise<void> {
    logger.error('A message is none of S3’s or ours; it is kept in the dead letters', {
      messageId,
      body: body.slice(0, 200),
    });
    await queue.bury(body);
  }

  /** Sweeps as far as there is time, and hands the rest on by the queue. */
  async function compare({ run, model }: SweepTask, context: Context): Promise<void> {
    const sweep = deps.sweeps[model];
    if (!sweep) return logger.warn('A sweep of a model that is not here any more is left out', { model });
    if (run === null && model === 0)
      for (const other of deps.sweeps.keys()) if (other > 0) await queue.sendSweep({ run, model: other });
    const time = Math.max(0, context.getRemainingTimeInMillis() - TIME_TO_END);
    const signal = AbortSignal.timeout(time);
    const isShort = (): boolean => context.getRemainingTimeInMillis() < TIME_FOR_A_STEP;
    try {
      const step = await sweep({ run: run ?? undefined, isShort, signal });
      if (step.type === 'done') logger.info('Compared bucket and index', { ...step.report, model });
      if (step.type === 'next') await queue.sendSweep({ run: step.run, model });
    } catch (error) {
      if (hasCode(error, 'folder_emptied')) return rejectSweep(error);
      if (!signal.aborted) throw error;
      const message = `A step of the sweep did not end within ${time} ms`;
      throw new SemblanceError('out_of_time', message, { cause: error });
    }
  }

  /** No retry helps: a person must say whether the images are really gone. */
  function rejectSweep(error: SemblanceError): void {
    logger.error('The sweep was rejected', described(error));
    metrics.addMetric('SweepRejected', MetricUnit.Count, 1);
  }

  function logOutcome(outcome: Outcome): void {
    const { type, ...fields } = outcome;
    logger.info(`A key is settled: ${type}`, fields);
    metrics.addMetric(METRICS[type], MetricUnit.Count, 1);
  }

  /** Lets the message be seen again later the more often it went back; what only ran out of time, at once. */
  async function goBack(record: SQSRecord, error: unknown): Promise<void> {
    const outOfTime = hasCode(error, 'out_of_time');
    const deliveries = deliveriesOf(record);
    const delay = outOfTime ? 0 : backoffSeconds(deliveries);
    if (!outOfTime) metrics.addMetric('Held', MetricUnit.Count, 1);
    const fields = { messageId: record.messageId, deliveries, delay, ...described(error) };
    logger.warn('A message goes back to the queue', fields);
    try {
      await queue.hide(record.receiptHandle, delay);
    } catch (cause) {
      // The message is delivered again in any case, when its visibility timeout is over.
      logger.warn('The delay of a message could not be set', described(cause));
    }
  }

  return async (raw, context) => {
    logger.addContext(context);
    eventSchema.parse(raw);
    try {
      return await handleBatch(raw as SQSEvent, context);
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}

const deliveriesOf = ({ attributes }: SQSRecord): number => Number(attributes.ApproximateReceiveCount);

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
