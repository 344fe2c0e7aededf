import { setTimeout as sleep } from 'node:timers/promises';
import { SemblanceError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { WorkMessage, WorkQueue } from '../queue/work-queue.ts';
import type { LibraryEvents } from './events.ts';
import type { KeyWork } from './key-work.ts';
import type { LibraryEvent } from './library.ts';
import { createProgress } from './progress.ts';
import type { Outcome } from './reconcile.ts';

export type WorkerDeps = {
  readonly queue: WorkQueue;
  readonly keyWork: KeyWork;
  /** Keys in work at once. */
  readonly concurrency: number;
  readonly events: LibraryEvents;
  readonly log: Log;
  /** ms between looks at an empty queue. */
  readonly pollEvery?: number;
  /** ms of the n-th pause in a row, from 0; see pauseMs. */
  readonly pause?: (pauses: number) => number;
};

export type Workers = {
  /** Resolves when nothing waits, also not for a later try, and nothing is in work; or at the stop. */
  idle(): Promise<void>;
  /** What indexing waits for at the moment; null while it goes on. */
  trouble(): SemblanceError | null;
  /**
   * Takes nothing more and waits for what is in work. What isn't finished after `graceMs` is given back to the
   * queue; whoever still works on it does no harm.
   */
  stop(graceMs?: number): Promise<void>;
};

/** s a key is hidden from others while it is in work: twice what an image may take on a busy machine, and its words. */
const VISIBILITY = 600;

/** 1 s, 2 s, 4 s … a minute: so soon indexing goes on when what it waited for is back. */
const pauseMs = (pauses: number): number => Math.min(60_000, 1_000 * 2 ** pauses);

/**
 * Drains the queue, and emits what happened. While index, store, model or disk are away it pauses, as long as that
 * lasts: after each pause one key is tried, and when that goes, all.
 */
export function startWorkers(deps: WorkerDeps): Workers {
  const { queue, events, log, concurrency, pollEvery = 200 } = deps;
  const stopping = new AbortController();
  const inWork = new Map<string, Promise<void>>();
  const progress = createProgress(deps);
  let idlers: (() => void)[] = [];
  let trouble: SemblanceError | null = null;
  /** The number of pauses in a row; 0 while indexing goes on. */
  let pauses = 0;
  /** Whether the key that was tried after the last pause met the trouble again. */
  let held = false;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (held) await waitForBetter();
      const messages = await receive((pauses > 0 ? 1 : concurrency) - inWork.size);
      if (messages[0]?.suspect) await Promise.all(inWork.values());
      for (const message of messages) start(message);
      const full = inWork.size >= (pauses > 0 ? 1 : concurrency) || messages[0]?.suspect;
      if (full) await Promise.race(inWork.values());
      else if (messages.length === 0) await rest();
    }
  }

  async function receive(most: number): Promise<WorkMessage[]> {
    if (most < 1) return [];
    try {
      return await queue.receive(most, VISIBILITY);
    } catch (error) {
      log.error('The queue could not be read', { error });
      await pause(5000);
      return [];
    }
  }

  async function waitForBetter(): Promise<void> {
    await Promise.all(inWork.values());
    held = false;
    const ms = (deps.pause ?? pauseMs)(pauses++);
    log.warn('Indexing waits; what is queued stays queued', { error: trouble, seconds: ms / 1000 });
    if (trouble) events.emit(pausedBy(trouble));
    await pause(ms);
  }

  function goOn(): void {
    if (held || pauses === 0) return;
    pauses = 0;
    trouble = null;
    log.info('Indexing goes on');
    events.emit({ type: 'resumed' });
  }

  /** The queue has nothing: waits until a key in work is done, or for a while. */
  async function rest(): Promise<void> {
    if (inWork.size > 0) {
      await Promise.race([...inWork.values(), pause(pollEvery)]);
      return;
    }
    await progress.report(true);
    if (idlers.length > 0 && (await isEmpty())) {
      for (const resolve of idlers) resolve();
      idlers = [];
    }
    await pause(pollEvery);
  }

  async function isEmpty(): Promise<boolean> {
    const counts = await queue.counts().catch(() => null);
    return counts !== null && counts.waiting === 0 && counts.inWork === 0;
  }

  function start(message: WorkMessage): void {
    const work = handle(message)
      .catch(error =>
        log.error('The result of a key could not be sent to the queue', { key: message.key, error }),
      )
      .finally(() => inWork.delete(message.receipt));
    inWork.set(message.receipt, work);
  }

  async function handle(message: WorkMessage): Promise<void> {
    const { key, receipt, failures } = message;
    const letGo = progress.takeUp(message.words ? 'words' : 'pictures');
    const result = await deps.keyWork(message);
    letGo(result.type === 'settled');
    if (result.type === 'held') {
      held = true;
      trouble = result.error;
      await queue.giveBack(receipt, 0);
      return;
    }
    goOn();
    if (result.type === 'failed') {
      const { error, delaySeconds } = result;
      log.warn('A key is tried again later', { key, failures: failures + 1, delaySeconds, error });
      await queue.retryLater(receipt, delaySeconds);
      return;
    }
    emit(result.outcome);
    await queue.done(receipt);
    await progress.report(false);
  }

  function emit(outcome: Outcome): void {
    const { type, id, key } = outcome;
    if (type === 'indexed' || type === 'removed') events.emit({ type, id, key });
    if (type === 'indexed' && outcome.replaced) events.emit({ type: 'removed', ...outcome.replaced });
    if (type === 'failed') events.emit({ type, id, key, code: outcome.code });
  }

  const pause = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);

  const running = run();

  return {
    idle: () => new Promise(resolve => idlers.push(resolve)),
    trouble: () => trouble,
    async stop(graceMs = 10_000) {
      stopping.abort(new SemblanceError('out_of_time', 'The workers were stopped'));
      await Promise.race([running, sleep(graceMs, undefined, { ref: false })]);
      for (const resolve of idlers) resolve();
      await Promise.race([Promise.all(inWork.values()), sleep(graceMs, undefined, { ref: false })]);
      for (const receipt of inWork.keys()) await queue.giveBack(receipt, 0);
    },
  };
}

const pausedBy = ({ code, message, advice }: SemblanceError): LibraryEvent => ({
  type: 'paused',
  code,
  message,
  advice,
});
