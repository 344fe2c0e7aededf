import { randomUUID } from 'node:crypto';
import { nothingPassedOver } from '../catalog/passed-over.ts';
import { SemblanceError } from '../errors.ts';
import type { ObjectInfo } from '../objects/object-store.ts';
import { add, countRequests, type Requests } from './count-requests.ts';
import { openDerivedStore } from './derived-store.ts';
import { readKnown } from './observe-all.ts';
import { assertPlausible, foundBy, queueFound } from './sweep-found.ts';
import { beginRun, goOn } from './sweep-in-parts.ts';
import { imagesOf } from './sweep-list.ts';
import {
  LARGEST_PART,
  rulesOf,
  type SweepDeps,
  type SweepOptions,
  type SweepPorts,
  type SweepReport,
} from './sweep-options.ts';
import { comparePart, type Unlistable } from './sweep-part.ts';
import { openSweepRun } from './sweep-run.ts';

/** A sweep is over, or goes on by the name of its run. */
export type SweepStep =
  | { readonly type: 'done'; readonly report: SweepReport }
  | { readonly type: 'next'; readonly run: string }
  /** Its run is over or was given up. */
  | { readonly type: 'gone' };

/**
 * Compares what is stored with what is indexed and queues the keys that differ: it finds what happened while
 * it was not watched and what events missed, rebuilds a lost index, and is harmless at any time. Stopped half-way
 * it is simply begun again: what is done is found the same, and what was queued waits in the queue.
 * @throws folder_emptied when too much would be dropped, before anything is
 */
export async function sweep(given: SweepDeps, options: SweepOptions = {}): Promise<SweepReport> {
  let run: string | undefined;
  for (;;) {
    const step = await sweepStep(given, options, { run, isShort: () => false });
    if (step.type === 'done') return step.report;
    if (step.type === 'gone')
      throw new SemblanceError('precondition_failed', 'The sweep was ended by another process');
    run = step.run;
  }
}

/**
 * Sweeps as far as there is time. A small library is compared in one piece. A large one takes memory for one part of
 * it at a time, divided by the first digit of the ids: its objects are listed into files, with a checkpoint by key;
 * then each part is compared, and at last what is gone is dropped. After every such step it can go on in another
 * process.
 * @param place.run of an earlier step; a new sweep without
 * @param place.isShort whether no further step should be begun here
 */
export async function sweepStep(
  given: SweepDeps,
  options: SweepOptions,
  { run: id, isShort }: { readonly run?: string | undefined; readonly isShort: () => boolean },
): Promise<SweepStep> {
  const requests: Requests = { originals: 0, derived: 0, index: 0, queue: 0 };
  const counted = countRequests(given, requests);
  const deps: SweepPorts = {
    ...counted,
    store: openDerivedStore(counted),
    now: given.now ?? (() => new Date()),
  };
  if (id === undefined) {
    const whole = await compareWhole(deps, options);
    if (whole) return { type: 'done', report: { ...whole, requests } };
  }
  const run = openSweepRun(deps.derived, id ?? randomUUID());
  const state = id === undefined ? await beginRun(deps, options) : await run.load();
  if (!state) return { type: 'gone' };
  add(requests, state.requests);
  for (;;) {
    const report = await goOn(deps, run, state, options, isShort);
    if (report) {
      await run.remove();
      return { type: 'done', report: { ...report, requests } };
    }
    await run.save({ ...state, requests: { ...requests, derived: requests.derived + 1 } });
    if (isShort()) return { type: 'next', run: run.id };
  }
}

/** Null where there is more than is compared in one piece. */
async function compareWhole(
  deps: SweepPorts,
  options: SweepOptions,
): Promise<Omit<SweepReport, 'requests'> | null> {
  const { largestPart = LARGEST_PART, allowDrop = false, dryRun = false, retryWords = false } = options;
  if ((await deps.index.count()) > largestPart) return null;
  const known = await readKnown(deps, '', options.signal);
  const passedOver = nothingPassedOver();
  const unlisted: Unlistable[] = [];
  const objects: ObjectInfo[] = [];
  for await (const object of imagesOf(deps, passedOver, unlisted, options)) {
    objects.push(object);
    if (objects.length > largestPart) return null;
  }
  options.onProgress?.(objects.length);
  const rules = rulesOf(options, deps.now());
  const result = await comparePart(deps, { known, objects, unlisted, ids: '' }, rules, { retryWords });
  passedOver.others += result.passedOver;
  assertPlausible(result.counts, result.indexed, allowDrop);
  if (!dryRun) {
    const { goneKeys: keys, strays } = result;
    await queueFound(deps, result, { keys, strays }, options.signal);
    await deps.store.writePassedOver(passedOver);
  }
  const queued = foundBy(result) + result.goneKeys.length;
  return { ...result.counts, passedOver, queued };
}
