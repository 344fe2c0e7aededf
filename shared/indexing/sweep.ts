import { randomUUID } from 'node:crypto';
import { idOfKey } from '../catalog/ids.ts';
import {
  nothingPassedOver,
  type PassedOver,
  type PassedOverKind,
  passedOverKind,
} from '../catalog/passed-over.ts';
import { SemblanceError } from '../errors.ts';
import { isIgnoredKey } from '../objects/keys.ts';
import type { ObjectInfo, ObjectStore, Unlisted } from '../objects/object-store.ts';
import type { Turn, WorkQueue } from '../queue/work-queue.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';
import { countRequests, type Requests } from './count-requests.ts';
import type { Rules } from './decide.ts';
import { type DerivedDeps, openDerivedStore } from './derived-store.ts';
import type { ObserveDeps } from './observe.ts';
import { readKnown } from './observe-all.ts';
import { type Counts, comparePart, newCounts, type PartResult, type Unlistable } from './sweep-part.ts';
import {
  DIGITS,
  type Gone,
  openSweepRun,
  removeAbandoned,
  type SweepRun,
  type SweepState,
} from './sweep-run.ts';

export type SweepDeps = DerivedDeps & {
  readonly originals: ObjectStore;
  readonly index: VectorIndex;
  readonly queue: WorkQueue;
  /** UUID; see idOfKey. */
  readonly namespace: string;
  readonly now?: () => Date;
};

export type SweepOptions = {
  /** Only compares. */
  readonly dryRun?: boolean;
  /** Goes on where more than 30 % of the images would be dropped. */
  readonly allowDrop?: boolean;
  /** Also queues images whose words were never looked for, or by an earlier version, or are to be tried again; OCR must be on. */
  readonly words?: boolean;
  /** Tries again now the words that could not be read, or not all of them. */
  readonly retryWords?: boolean;
  /** Called now and then with how many objects were listed so far. */
  readonly onProgress?: (listed: number) => void;
  readonly signal?: AbortSignal;
  /** Objects that are compared in one piece; default 50,000. */
  readonly largestPart?: number;
};

export type SweepReport = Readonly<Counts> & {
  /** Files that are no images, which are counted nowhere else. */
  readonly passedOver: PassedOver;
  /** Keys sent to the queue; with dryRun those that would be. */
  readonly queued: number;
  readonly requests: Readonly<Requests>;
};

/** A sweep is over, or goes on by the name of its run. */
export type SweepStep =
  | { readonly type: 'done'; readonly report: SweepReport }
  | { readonly type: 'next'; readonly run: string }
  /** Its run is over or was given up. */
  | { readonly type: 'gone' };

/** A sweep that would drop a larger share stops: a drive is unmounted, or a prefix is wrong. */
const LARGEST_DROP = 0.3;
/** So few may always go, as long as anything is left: one of two images is no unmounted drive. */
const SMALL_DROP = 3;

const KEYS_AT_ONCE = 1_000;
const LARGEST_PART = 50_000;

/**
 * Compares what is stored with what is indexed and queues the keys that differ: it finds what happened while
 * nobody watched and what events missed, rebuilds a lost index, and is harmless at any time. Stopped half-way
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
  const deps: Deps = { ...counted, store: openDerivedStore(counted), now: given.now ?? (() => new Date()) };
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

type Deps = ObserveDeps & SweepDeps & { readonly now: () => Date };

/** Null where there is more than is compared in one piece. */
async function compareWhole(
  deps: Deps,
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

async function beginRun(
  deps: Deps,
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
async function goOn(
  deps: Deps,
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
  deps: Deps,
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

/** Every part of a run begins where the folder's walk does, and so may be told of the same folder again. */
const unique = (unlisted: readonly Unlistable[]): Unlistable[] => [
  ...new Map(unlisted.map(found => [found.key, found])).values(),
];

async function compareOne(
  deps: Deps,
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
  deps: Deps,
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
  if (!state.dryRun) {
    await removeStrays(deps, gone.strays);
    // after all that was found, so that what was renamed is found by its new name first
    await send(deps.queue, 'sweep', gone.keys, options.signal);
  }
  state.part++;
  if (state.part < DIGITS.length) return null;
  if (!state.dryRun) await deps.store.writePassedOver(state.passedOver);
  const { counts, passedOver, queued } = state;
  return { ...counts, passedOver, queued };
}

const rulesOf = ({ words, retryWords }: Pick<SweepOptions, 'words' | 'retryWords'>, now: Date): Rules => ({
  retry: false,
  words: words === true || retryWords === true,
  now,
});

/** Objects that may be images, after a key; of others it is counted what they are. */
async function* imagesOf(
  { originals }: Deps,
  passedOver: Record<PassedOverKind, number>,
  unlisted: Unlistable[],
  { signal, onProgress }: SweepOptions,
  after: string | null = null,
): AsyncGenerator<ObjectInfo> {
  const tell = ({ key, reason: { code, message, advice } }: Unlisted) =>
    unlisted.push({ key, reason: { code, message, advice } });
  let listed = 0;
  for await (const object of originals.list('', tell, after ?? undefined)) {
    signal?.throwIfAborted();
    if (isIgnoredKey(object.key)) continue;
    const kind = passedOverKind(object.key);
    if (kind) {
      passedOver[kind]++;
      continue;
    }
    if (++listed % 100 === 0) onProgress?.(listed);
    yield object;
  }
}

const foundBy = ({ renamedKeys, keys, wordKeys, againKeys }: PartResult): number =>
  renamedKeys.length + keys.length + wordKeys.length + againKeys.length;

/** @param gone what is dropped at the same time; null where that comes later */
async function queueFound(
  deps: Deps,
  { failures, renamedKeys, keys, wordKeys, againKeys }: PartResult,
  gone: Gone | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { store, queue } = deps;
  for (const failure of failures) await store.writeFailure(failure);
  if (gone) await removeStrays(deps, gone.strays);
  await send(queue, 'event', renamedKeys, signal);
  if (gone) await send(queue, 'removal', gone.keys, signal);
  await send(queue, 'sweep', keys, signal);
  await send(queue, 'words', wordKeys, signal);
  await send(queue, 'words', againKeys, signal, true);
}

/** What no key leads to: points that name none or another image's, and thumbnails of nothing. */
async function removeStrays({ index, store }: Deps, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await index.delete(ids);
  for (const id of ids) {
    await store.deleteImages(id);
    await store.deleteFailure(id);
  }
}

function assertPlausible({ dropped, objects }: Counts, indexed: number, allowDrop: boolean): void {
  if (allowDrop || dropped <= LARGEST_DROP * indexed) return;
  if (dropped <= SMALL_DROP && objects > 0) return;
  throw new SemblanceError(
    'folder_emptied',
    `${dropped} of ${indexed} indexed images are not there any more; none was dropped`,
  );
}

async function send(
  queue: WorkQueue,
  turn: Turn,
  keys: readonly string[],
  signal: AbortSignal | undefined,
  again = false,
): Promise<void> {
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
    signal?.throwIfAborted();
    await queue.send(keys.slice(start, start + KEYS_AT_ONCE), { turn, again });
  }
}

function add(counts: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(more)) counts[name] = (counts[name] ?? 0) + value;
}
