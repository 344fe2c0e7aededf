/**
 * Port: keys to reconcile, at least once, in no order. A key waits as long as it takes: only whoever works on it
 * gives it up, and then records why.
 * Adapters: a SQLite table (sqlite-queue.ts), SQS (sqs-queue.ts); both pass tests/contracts/work-queue.ts.
 * Every method may throw `queue_unavailable` (passing).
 */
export type WorkMessage = {
  readonly key: string;
  /** Identifies this delivery to `done`, `retryLater` and `giveBack`. */
  readonly receipt: string;
  /** How often the key has failed by its own fault; faults of the dependencies are not counted. */
  readonly failures: number;
  /** It was received before, and its outcome is unknown: the process may have crashed on it. */
  readonly suspect: boolean;
  /** It was sent for the words in an image; always false where the queue does not know. */
  readonly words: boolean;
  /** It is to be tried again also where it failed before and did not change since. */
  readonly again: boolean;
};

/**
 * Turns in which keys are taken, first to last, where the queue knows them: what users do now; files that
 * are gone, which are not touched before all of `event` was worked on, so that what was renamed is found by its new
 * name first; what a sweep found; images that are indexed, whose words are to be read.
 */
export const TURNS = ['event', 'removal', 'sweep', 'words'] as const;
export type Turn = (typeof TURNS)[number];

export interface WorkQueue {
  /**
   * Durable when it returns. A key that waits already may be merged with the new one; its failures are forgotten.
   * @param options.turn default `event`
   * @param options.again see WorkMessage; a key that waits already is tried again then too
   */
  send(keys: readonly string[], options?: { readonly turn?: Turn; readonly again?: boolean }): Promise<void>;
  /** Up to `max` messages, hidden from others for visibilitySeconds; [] when there are none. A suspect comes alone. */
  receive(max: number, visibilitySeconds: number): Promise<WorkMessage[]>;
  /** The key is settled; the message is gone. A key sent again meanwhile stays. */
  done(receipt: string): Promise<void>;
  /** The key failed by its own fault: the message is shown again after so many seconds, with one failure more. */
  retryLater(receipt: string, delaySeconds: number): Promise<void>;
  /** Nothing is held against the key: the message is shown again after so many seconds as it was. */
  giveBack(receipt: string, delaySeconds: number): Promise<void>;
  /**
   * Waiting (also hidden for later), in work, and what the queue itself set aside; on SQS approximate. `words` are those of
   * the waiting ones that were sent for words, 0 where the queue does not know.
   */
  counts(): Promise<{ waiting: number; words: number; inWork: number; dead: number }>;
  /** Brings back what the queue itself set aside; how many. */
  redrive(): Promise<number>;
}

/** Failures of a key by its own fault before it is given up. */
export const MAX_FAILURES = 5;

/** s before the next try after so many: 2, 8, 32 …, at most 900, of which up to half is taken off at random ("equal jitter", AWS). */
export const backoffSeconds = (tries: number, random: () => number = Math.random): number =>
  Math.ceil(Math.min(900, 2 * 4 ** (tries - 1)) * (0.5 + random() / 2));
