import { idOfKey } from '../catalog/ids.ts';
import { nothingPassedOver, type PassedOver, passedOverKind } from '../catalog/passed-over.ts';
import type { FailureRecord } from '../catalog/record.ts';
import { SemblanceError } from '../errors.ts';
import { isIgnoredKey } from '../objects/keys.ts';
import type { ObjectInfo, ObjectStore, Unlisted } from '../objects/object-store.ts';
import type { Turn, WorkQueue } from '../queue/work-queue.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';
import { type Action, decide, type Rules } from './decide.ts';
import { type DerivedDeps, openDerivedStore } from './derived-store.ts';
import { failureOf, isWordsFailure } from './image-failure.ts';
import type { ObserveDeps } from './observe.ts';
import { type Known, keysOfKnown, observeKnown, readKnown } from './observe-all.ts';

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
  /** Called now and then with how many objects were compared so far. */
  readonly onProgress?: (compared: number) => void;
  readonly signal?: AbortSignal;
};

/** How many keys differ, and why; each is counted once. */
export type SweepReport = {
  readonly objects: number;
  /** Objects without a point. */
  readonly added: number;
  readonly changed: number;
  /** Points whose record is another. */
  readonly annotated: number;
  /** Points without their object. */
  readonly dropped: number;
  /** Points to index anew: their thumbnail or preview is lost, or they are of another version. */
  readonly redone: number;
  /** Points whose words are to be read; counted where they are asked for. */
  readonly wordless: number;
  /** Points whose words are to be read again, by a newer version; counted where they are asked for. */
  readonly reread: number;
  /** Objects that failed and whose next try is due. */
  readonly retried: number;
  /** Objects that can't be indexed and didn't change. */
  readonly failed: number;
  /** What is left of objects that are gone and not indexed: records, failures, thumbnails. */
  readonly leftovers: number;
  /** Files that are no images, which are counted nowhere else. */
  readonly passedOver: PassedOver;
  /** Keys sent to the queue; with dryRun those that would be. */
  readonly queued: number;
};

/** A sweep that would drop a larger share stops: a drive is unmounted, or a prefix is wrong. */
const LARGEST_DROP = 0.3;
/** So few may always go, as long as anything is left: one of two images is no unmounted drive. */
const SMALL_DROP = 3;

const KEYS_AT_ONCE = 1000;

/** ms; thumbnails without a point that are younger may be of an image that is being indexed now. */
const ORPHANED_AFTER = 3_600_000;

/**
 * Compares what is stored with what is indexed and queues the keys that differ: it finds what happened while
 * nobody watched and what events missed, rebuilds a lost index, and is harmless at any time. Stopped half-way
 * it is simply begun again: what is done is found the same, and what was queued waits in the queue.
 * @throws folder_emptied when too much would be dropped, before anything is queued
 */
export async function sweep(given: SweepDeps, options: SweepOptions = {}): Promise<SweepReport> {
  const now = given.now?.() ?? new Date();
  const deps = { ...given, now, store: openDerivedStore(given) };
  const { signal, onProgress } = options;
  const words = options.words === true || options.retryWords === true;
  const rules: Rules = { retry: false, words, now };
  const known = await readKnown(deps, signal);
  const counts = newCounts();
  const found: ObjectInfo[] = [];
  const wordKeys: string[] = [];
  /** Those that were found by their words before come first. */
  const lettered: string[] = [];
  const present = new Set<string>();
  const unlisted: Unlisted[] = [];
  const passedOver = nothingPassedOver();
  const incomplete: FailureRecord[] = [];

  for await (const object of deps.originals.list('', found => unlisted.push(found))) {
    signal?.throwIfAborted();
    if (isIgnoredKey(object.key)) continue;
    const kind = passedOverKind(object.key);
    if (kind) {
      passedOver[kind]++;
      continue;
    }
    counts.objects++;
    if (counts.objects % 100 === 0) onProgress?.(counts.objects);
    present.add(idOfKey(object.key, deps.namespace));
    const seen = await observeKnown(deps, known, object.key, { object, obstacle: null });
    if (seen.failure?.passed_over && seen.failure.etag === object.etag) {
      passedOver.others++;
      counts.objects--;
      continue;
    }
    const asked = options.retryWords === true && seen.failure !== null && isWordsFailure(seen.failure);
    if (asked && seen.failure) incomplete.push({ ...seen.failure, retry: true });
    const action = decide(seen, { ...rules, retry: asked });
    if (!count(counts, action)) continue;
    if (action.type !== 'read_words') found.push(object);
    else (seen.point?.facts?.lettered ? lettered : wordKeys).push(object.key);
  }
  onProgress?.(counts.objects);

  const obstacles = await decideObstacles(deps, known, { unlisted, present, rules });
  counts.failed += obstacles.count;
  const gone = await decideGone(deps, known, { unlisted, present, rules });
  counts.dropped += gone.dropped;
  counts.leftovers += gone.leftovers;
  assertPlausible(counts.dropped, known.points.size, counts.objects, options.allowDrop ?? false);

  if (!options.dryRun) {
    for (const failure of [...obstacles.failures, ...incomplete]) await deps.store.writeFailure(failure);
    await deps.store.writePassedOver(passedOver);
    await removeStrays(deps, gone.strays);
    const renamed = possiblyRenamed(found, known, gone.keys);
    await send(deps.queue, 'event', [...renamed], signal);
    await send(deps.queue, 'removal', [...gone.keys], signal);
    const others = found.filter(({ key }) => !renamed.has(key));
    await send(
      deps.queue,
      'sweep',
      others.map(({ key }) => key),
      signal,
    );
    await send(deps.queue, 'words', [...lettered, ...wordKeys], signal);
  }
  return { ...counts, passedOver, queued: found.length + gone.keys.size + lettered.length + wordKeys.length };
}

type Counts = { -readonly [Name in Exclude<keyof SweepReport, 'queued' | 'passedOver'>]: number };

const newCounts = (): Counts => ({
  objects: 0,
  added: 0,
  changed: 0,
  annotated: 0,
  dropped: 0,
  redone: 0,
  wordless: 0,
  reread: 0,
  retried: 0,
  failed: 0,
  leftovers: 0,
});

/** Under which name each reason to index an object is reported. */
const INDEX_COUNTS = {
  new: 'added',
  changed: 'changed',
  unreadable_point: 'redone',
  derived_images_differ: 'redone',
  retry: 'retried',
} as const;

/** Counts what is decided of an object that is there; whether anything is to be done. */
function count(counts: Counts, action: Action): boolean {
  switch (action.type) {
    case 'ignore':
      return false;
    case 'keep':
      if (action.reason === 'failed') counts.failed++;
      return false;
    case 'index':
      counts[INDEX_COUNTS[action.reason]]++;
      return true;
    case 'annotate':
      counts.annotated++;
      return true;
    case 'read_words':
      counts[action.reason === 'words_outdated' ? 'reread' : 'wordless']++;
      return true;
    default:
      counts.leftovers++;
      return true;
  }
}

type Found = {
  readonly unlisted: readonly Unlisted[];
  readonly present: ReadonlySet<string>;
  readonly rules: Rules;
};

/** What the store has and can't give is written down here, since no look at its key would find it. */
async function decideObstacles(
  deps: ObserveDeps,
  known: Known,
  { unlisted, present, rules }: Found,
): Promise<{ count: number; failures: FailureRecord[] }> {
  const failures: FailureRecord[] = [];
  const obstacles = unlisted.filter(({ key }) => !present.has(idOfKey(key, deps.namespace)));
  for (const { key, reason } of obstacles) {
    const seen = await observeKnown(deps, known, key, { object: null, obstacle: reason });
    if (decide(seen, rules).type === 'fail') failures.push(failureOf(seen, '', reason, rules.now));
  }
  return { count: obstacles.length, failures };
}

/** Images that are known and were not listed. */
async function decideGone(deps: ObserveDeps, known: Known, { unlisted, present, rules }: Found) {
  const gone = { keys: new Set<string>(), dropped: 0, leftovers: 0 };
  const strays = orphansOf(known, present, rules.now);
  gone.leftovers += strays.length;
  const closed = unlisted.map(({ key }) => key);
  for (const { id, key } of keysOfKnown(known)) {
    if (present.has(id)) continue;
    // what is in a folder that may not be opened is not known to be gone
    if (closed.some(name => key === name || (name.endsWith('/') && key.startsWith(name)))) continue;
    const isStray = key === '' || idOfKey(key, deps.namespace) !== id;
    const nothing = { object: null, obstacle: null };
    const action = isStray ? null : decide(await observeKnown(deps, known, key, nothing), rules);
    if (action?.type === 'keep' || action?.type === 'ignore') continue;
    gone[known.points.has(id) ? 'dropped' : 'leftovers']++;
    if (isStray) strays.push(id);
    else gone.keys.add(key);
  }
  return { ...gone, strays };
}

/** Thumbnails of nothing that is known. */
const orphansOf = (
  { points, recordEtags, failures, ...images }: Known,
  present: ReadonlySet<string>,
  now: Date,
) =>
  [...new Map([...images.thumbnails, ...images.previews])]
    .filter(([id]) => ![present, points, recordEtags, failures].some(known => known.has(id)))
    .filter(([, { modified }]) => now.getTime() - modified.getTime() > ORPHANED_AFTER)
    .map(([id]) => id);

/** What no key leads to: points that name none or another image's, and thumbnails of nothing. */
async function removeStrays({ index, store }: ObserveDeps, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await index.delete(ids);
  for (const id of ids) {
    await store.deleteImages(id);
    await store.deleteFailure(id);
  }
}

function assertPlausible(dropped: number, indexed: number, objects: number, allowDrop: boolean): void {
  if (allowDrop || dropped <= LARGEST_DROP * indexed) return;
  if (dropped <= SMALL_DROP && objects > 0) return;
  throw new SemblanceError(
    'folder_emptied',
    `${dropped} of ${indexed} indexed images are not there any more; nothing was changed`,
  );
}

/**
 * Keys of objects as large as one that is gone: they may be the same under another name. They come first, then what
 * is gone, so that what was renamed is neither computed again nor missing meanwhile.
 */
function possiblyRenamed(
  found: readonly ObjectInfo[],
  { points }: Known,
  goneKeys: ReadonlySet<string>,
): Set<string> {
  const facts = [...points.values()].flatMap(point => point.facts ?? []);
  const goneSizes = new Set(facts.filter(({ key }) => goneKeys.has(key)).map(({ bytes }) => bytes));
  return new Set(found.filter(({ bytes }) => goneSizes.has(bytes)).map(({ key }) => key));
}

async function send(
  queue: WorkQueue,
  turn: Turn,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
    signal?.throwIfAborted();
    await queue.send(keys.slice(start, start + KEYS_AT_ONCE), { turn });
  }
}
