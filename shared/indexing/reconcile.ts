import { idOfKey } from '../catalog/ids.ts';
import { SemblanceError } from '../errors.ts';
import { type Applied, apply } from './apply.ts';
import { type Action, decide } from './decide.ts';
import { type DerivedDeps, openDerivedStore } from './derived-store.ts';
import type { IndexDeps } from './index-original.ts';
import { observe } from './observe.ts';
import { oneAtATime } from './one-at-a-time.ts';

export type ReconcileDeps = Omit<IndexDeps, 'store' | 'now'> &
  DerivedDeps & {
    /** UUID; see idOfKey. */
    readonly namespace: string;
    readonly now?: () => Date;
  };

/** What was done with a key in the end; `failed` is an image that can't be indexed. */
export type Outcome = { readonly id: string; readonly key: string } & (
  | Applied
  | { readonly type: 'ignored' }
);

type Options = {
  /** Also an object that failed and did not change since, once. */
  readonly again?: boolean;
};

export type Reconcile = (key: string, options?: Options) => Promise<Outcome>;

/** Actions on a key that keeps changing before it is left to a later try. */
const MOST_ROUNDS = 6;

/**
 * Makes the index agree with what is stored under a key now, and with its annotations: observe, decide, apply,
 * until the decision is that nothing is to be done. Level-triggered: calls may come twice, late, in any order, or
 * from several processes at once; after the last of them the index is right. Nothing is written to the originals.
 * In one process a key is worked on by one call at a time.
 *
 * The function that it returns throws what a later try may heal, and faults of the store, index or model;
 * what is wrong with the image becomes a failure record.
 */
export function createReconcile({ now = () => new Date(), ...given }: ReconcileDeps): Reconcile {
  const deps = { ...given, now, store: openDerivedStore(given) };

  async function settle(key: string, { again = false }: Options): Promise<Outcome> {
    const image = { id: idOfKey(key, deps.namespace), key };
    let done: Applied = { type: 'unchanged' };
    let wordsFollow = false;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const seen = await observe(deps, key);
      const retry = again && round === 0;
      const action = decide(seen, { retry, words: deps.ocr && !wordsFollow, now: now() });
      if (action.type === 'ignore')
        return { ...image, ...(done.type === 'unchanged' ? { type: 'ignored' as const } : done) };
      if (action.type === 'keep') {
        if (seen.failure?.passed_over) return { ...image, type: 'ignored' };
        if (wordsFollow) await deps.wordsLater?.(key);
        return { ...image, ...outcomeOf(action, done, seen.failure?.code) };
      }
      const applied = await apply(deps, seen, action);
      wordsFollow = applied.type === 'indexed' ? applied.wordsFollow === true : wordsFollow;
      done = moreImportant(done, applied);
    }
    throw new SemblanceError('precondition_failed', `${key} keeps changing`);
  }

  const byKey = oneAtATime<Options, Outcome>(settle, (a, b) => ({
    again: a.again === true || b.again === true,
  }));
  return (key, options = {}) => byKey(key, options);
}

function outcomeOf(action: Extract<Action, { type: 'keep' }>, done: Applied, code = 'internal'): Applied {
  return action.reason === 'failed' ? { type: 'failed', code } : done;
}

/** Of several actions on one key the outcome is the last that changed the image, not what followed from it. */
function moreImportant(before: Applied, applied: Applied): Applied {
  if (applied.type === 'unchanged') return before;
  return applied.type === 'updated' && before.type !== 'unchanged' ? before : applied;
}
