/**
 * Port: keys to reconcile, at least once, in no order.
 * Adapters: a SQLite table (sqlite-queue.ts), SQS (sqs-queue.ts); both pass tests/contracts/work-queue.ts.
 * Every method may throw `queue_unavailable` (passing).
 */
export type WorkMessage = {
  readonly key: string;
  /** Identifies this delivery to `done` and `retryLater`. */
  readonly receipt: string;
  /** How often it was received, this time included; 1 at first. */
  readonly attempts: number;
};

export interface WorkQueue {
  /**
   * Durable when it returns. A key that waits already may be merged with the new one.
   * @param options.background keys of a back-fill, taken after all others where the queue can tell them apart
   */
  send(keys: readonly string[], options?: { readonly background?: boolean }): Promise<void>;
  /** Up to `max` messages, hidden from others for visibilitySeconds; [] when there are none. */
  receive(max: number, visibilitySeconds: number): Promise<WorkMessage[]>;
  /** The key is settled; the message is gone. A key sent again meanwhile stays. */
  done(receipt: string): Promise<void>;
  /** Shows the message again after so many seconds; after the last attempt it is a dead letter. */
  retryLater(receipt: string, delaySeconds: number): Promise<void>;
  /** Waiting (also hidden for later), in work, and dead; on SQS approximate. */
  counts(): Promise<{ waiting: number; inWork: number; dead: number }>;
  /** Brings every dead letter back to the queue; how many. */
  redrive(): Promise<number>;
}

/** Deliveries of one message before it is a dead letter. */
export const MAX_ATTEMPTS = 5;

/** s before try n + 1: 2, 8, 32 …, at most 900, of which up to half is taken off at random ("equal jitter", AWS). */
export const backoffSeconds = (attempts: number, random: () => number = Math.random): number =>
  Math.ceil(Math.min(900, 2 * 4 ** (attempts - 1)) * (0.5 + random() / 2));
