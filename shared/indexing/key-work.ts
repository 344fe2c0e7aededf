import { idOfKey } from '../catalog/ids.ts';
import { isPassing, SemblanceError } from '../errors.ts';
import { backoffSeconds, MAX_FAILURES } from '../queue/work-queue.ts';
import { type Dependencies, dependencyFault } from './dependency-fault.ts';
import { type DerivedDeps, openDerivedStore } from './derived-store.ts';
import { failureOf } from './image-failure.ts';
import type { Outcome, Reconcile } from './reconcile.ts';

export type KeyWorkDeps = Dependencies &
  DerivedDeps & {
    readonly reconcile: Reconcile;
    /** UUID; see idOfKey. */
    readonly namespace: string;
    readonly now?: () => Date;
    readonly random?: () => number;
  };

/** A key as it comes from the queue. */
export type KeyTask = {
  readonly key: string;
  readonly failures: number;
  readonly suspect: boolean;
  readonly again?: boolean;
};

/** What became of it. */
export type KeyResult =
  /** The index agrees, or a failure record says why not; the message is done. */
  | { readonly type: 'settled'; readonly outcome: Outcome }
  /** It failed by its own fault, which a retry may mend: one failure more, and the next try after this delay. */
  | { readonly type: 'failed'; readonly error: unknown; readonly delaySeconds: number }
  /** Index, store, network, model or disk are unavailable: this is no failure of the key, and other keys would fail too. */
  | { readonly type: 'held'; readonly error: SemblanceError };

export type KeyWork = (task: KeyTask) => Promise<KeyResult>;

/** ms after which the next sweep tries again what may have healed by itself. */
const GIVEN_UP_FOR = 6 * 3_600_000;

/**
 * Deaths of the process at a key worked alone, after which it is given up. With the one that made it a suspect it
 * has then died three times.
 */
const MOST_CRASHES = 2;

/**
 * Works on the keys of a queue, on the laptop and on AWS alike: separates faults of the dependencies from those of the
 * key, counts only the latter, and gives up after MAX_FAILURES of them with a failure record, so that
 * everything that is given up is listed with its reason. Before a suspect is worked on, a note is left beside the
 * records; a note that is found there again is the death of a process.
 */
export function createKeyWork(deps: KeyWorkDeps): KeyWork {
  const now = deps.now ?? (() => new Date());
  const store = openDerivedStore(deps);

  return async task => {
    const id = idOfKey(task.key, deps.namespace);
    try {
      const outcome = task.suspect
        ? await workSuspect(id, task)
        : await deps.reconcile(task.key, { again: task.again ?? false });
      return { type: 'settled', outcome };
    } catch (error) {
      return judge(id, task, error);
    }
  };

  async function workSuspect(id: string, { key, again = false }: KeyTask): Promise<Outcome> {
    const crashes = await store.readCrashes(id);
    if (crashes >= MOST_CRASHES) {
      const times = crashes + 1;
      const reason = new SemblanceError('image_crashed', `The process died ${times} times at this image`);
      const outcome = await giveUp(id, key, reason);
      await store.deleteCrashes(id);
      return outcome;
    }
    await store.writeCrashes(id, crashes + 1);
    try {
      return await deps.reconcile(key, { again });
    } finally {
      await store.deleteCrashes(id);
    }
  }

  async function judge(id: string, { key, failures }: KeyTask, error: unknown): Promise<KeyResult> {
    const fault = await dependencyFault(error, deps);
    if (fault) return { type: 'held', error: fault };
    const tries = failures + 1;
    const hopeless = error instanceof SemblanceError && !isPassing(error);
    if (tries < MAX_FAILURES && !hopeless)
      return { type: 'failed', error, delaySeconds: backoffSeconds(tries, deps.random) };
    try {
      return { type: 'settled', outcome: await giveUp(id, key, asSemblanceError(error)) };
    } catch (unwritten) {
      const away = await dependencyFault(unwritten, deps);
      if (away) return { type: 'held', error: away };
      return { type: 'failed', error, delaySeconds: backoffSeconds(tries, deps.random) };
    }
  }

  /** Says in a failure record why the key is not indexed; what may heal by itself is tried again by the next sweep. */
  async function giveUp(id: string, key: string, reason: SemblanceError): Promise<Outcome> {
    const [before, object] = await Promise.all([store.readFailure(id), deps.originals.head(key)]);
    const failure = failureOf({ id, key, failure: before?.value ?? null }, object?.etag ?? '', reason, now());
    const later = new Date(now().getTime() + GIVEN_UP_FOR).toISOString();
    await store.writeFailure({ ...failure, retry_at: isPassing(reason) ? later : null });
    deps.log.error('A key is given up', { key, error: reason });
    return { type: 'failed', id, key, code: reason.code };
  }
}

const asSemblanceError = (error: unknown): SemblanceError =>
  error instanceof SemblanceError
    ? error
    : new SemblanceError('internal', error instanceof Error ? error.message : String(error), {
        cause: error,
      });
