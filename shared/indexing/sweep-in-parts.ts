import { idOfKey } from '../catalog/ids.ts';
import { nothingPassedOver } from '../catalog/passed-over.ts';
import type { ObjectInfo } from '../objects/object-store.ts';
import { add } from './count-requests.ts';
import { readKnown } from './observe-all.ts';
import { assertPlausible, dropGone, foundBy, queueFound } from './sweep-found.ts';
import { imagesOf } from './sweep-list.ts';
import {
  KEYS_AT_ONCE,
  LARGEST_PART,
  rulesOf,
  type SweepOptions,
  type SweepPorts,
  type SweepReport,
} from './sweep-options.ts';
import { comparePart, newCounts, type Unlistable } from './sweep-part.ts';
import { DIGITS, removeAbandoned, type SweepRun, type SweepState } from './sweep-run.ts';

/** The state of a new sweep in parts. */
export async function beginRun(
  deps: SweepPorts,
  { dryRun = false, allowDrop = false, words = false, retryWords = false }: SweepOptions,
): Promise<SweepState> {
  await removeAbandoned(deps.derived, deps.now());
  return {
    started: deps.now().toISOString(),
    ...{ dryRun, allowDrop, words, retryWords },
    phase: 'list',
    after: null,
    chunks: 0,
    part: 0,
    counts: newCounts(),
    passedOver: nothingPassedOver(),
    unlisted: [],
    indexed: 0,
    queued: 0,
    requests: { originals: 0, derived: 0, index: 0, queue: 0 },
  };
}

/** One step, which changes the state only when it is done, so that it may be begun again; the report at the end. */
export async function goOn(
  deps: SweepPorts,
  run: SweepRun,
  state: SweepState,
  options: SweepOptions,
  isShort: () => boolean,
): Promise<Omit<SweepReport, 'requests'> | null> {
  options.signal?.throwIfAborted();
  if (state.phase === 'list') await listSome(deps, run, state, options, isShort);
  else if (state.phase === 'compare') await compareOne(deps, run, state, options);
  else return dropOne(deps, run, state, options);
  return null;
}

async function listSome(
  deps: SweepPorts,
  run: SweepRun,
  state: SweepState,
  options: SweepOptions,
  isShort: () => boolean,
): Promise<void> {
  const { largestPart = LARGEST_PART } = options;
  const parts = new Map(DIGITS.map(digit => [digit, [] as ObjectInfo[]]));
  const passedOver = { ...state.passedOver };
  const unlisted = [...state.unlisted];
  let listed = 0;
  let last = state.after;
  let isWhole = true;
  for await (const object of imagesOf(deps, passedOver, unlisted, options, state.after)) {
    parts.get(idOfKey(object.key, deps.namespace).slice(0, 1))?.push(object);
    last = object.key;
    listed++;
    if (listed < largestPart && (listed % KEYS_AT_ONCE !== 0 || !isShort())) continue;
    isWhole = false;
    break;
  }
  await Promise.all([...parts].map(([digit, objects]) => run.writeObjects(digit, state.chunks, objects)));
  Object.assign(state, { after: last, chunks: state.chunks + 1, passedOver, unlisted: unique(unlisted) });
  if (isWhole) Object.assign(state, { phase: 'compare', part: 0 });
}

/** Every part of a run begins where the folder's walk does, so the same folder may be reported again. */
const unique = (unlisted: readonly Unlistable[]): Unlistable[] => [
  ...new Map(unlisted.map(found => [found.key, found])).values(),
];

async function compareOne(
  deps: SweepPorts,
  run: SweepRun,
  state: SweepState,
  options: SweepOptions,
): Promise<void> {
  const digit = DIGITS[state.part] ?? '';
  const known = await readKnown(deps, digit, options.signal);
  const objects = run.readObjects(digit, state.chunks);
  const rules = rulesOf(state, new Date(state.started));
  const part = { known, objects, unlisted: state.unlisted, ids: digit };
  const result = await comparePart(deps, part, rules, { retryWords: state.retryWords });
  if (!state.dryRun) await queueFound(deps, result, null, options.signal);
  await run.writeGone(digit, { keys: [...result.goneKeys], strays: [...result.strays] });
  state.passedOver.others += result.passedOver;
  add(state.counts, result.counts);
  state.indexed += result.indexed;
  state.queued += foundBy(result) + result.goneKeys.length;
  state.part++;
  options.onProgress?.(state.counts.objects);
  if (state.part === DIGITS.length) Object.assign(state, { phase: 'drop', part: 0 });
}

async function dropOne(
  deps: SweepPorts,
  run: SweepRun,
  state: SweepState,
  options: SweepOptions,
): Promise<Omit<SweepReport, 'requests'> | null> {
  if (state.part === 0) {
    try {
      assertPlausible(state.counts, state.indexed, state.allowDrop);
    } catch (error) {
      await run.remove();
      throw error;
    }
  }
  const gone = await run.readGone(DIGITS[state.part] ?? '');
  if (!state.dryRun) await dropGone(deps, gone, options.signal);
  state.part++;
  if (state.part < DIGITS.length) return null;
  if (!state.dryRun) await deps.store.writePassedOver(state.passedOver);
  const { counts, passedOver, queued } = state;
  return { ...counts, passedOver, queued };
}
