import { idOfKey } from '../catalog/ids.ts';
import type { FailureRecord } from '../catalog/record.ts';
import type { ObjectInfo } from '../objects/object-store.ts';
import { type Action, decide, type Rules } from './decide.ts';
import { failureOf, isWordsFailure } from './image-failure.ts';
import type { ObserveDeps, Obstacle } from './observe.ts';
import { type Known, keysOfKnown, observeKnown } from './observe-all.ts';

/** What the store has and can't give; a folder's key ends with '/'. */
export type Unlistable = { readonly key: string; readonly reason: Obstacle };

/** All that is compared at once: the objects whose ids begin with certain digits, and what is known of such ids. */
export type Part = {
  readonly known: Known;
  readonly objects: AsyncIterable<ObjectInfo> | Iterable<ObjectInfo>;
  /** What can't be listed in the whole store; complete when the last object was listed. */
  readonly unlisted: readonly Unlistable[];
  /** Hex digits that the ids begin with; '' is all of them. */
  readonly ids: string;
};

/** The result of comparing a part. Nothing is written yet. */
export type PartResult = {
  readonly counts: Counts;
  /** Objects that were looked into before and are no images. */
  readonly passedOver: number;
  /** To be reconciled, those apart that may be an object which is gone under another name. */
  readonly renamedKeys: readonly string[];
  readonly keys: readonly string[];
  /** Of images whose words are to be read; those that were found by their words before come first. */
  readonly wordKeys: readonly string[];
  /** Images whose words were not read whole, with `retryWords`. */
  readonly againKeys: readonly string[];
  readonly goneKeys: readonly string[];
  /** Ids that no key leads to: of points that name none or another image's, and of thumbnails of nothing. */
  readonly strays: readonly string[];
  readonly failures: readonly FailureRecord[];
  readonly indexed: number;
};

/** ms; thumbnails without a point that are younger may be of an image that is being indexed now. */
const ORPHANED_AFTER = 3_600_000;

/** Decides about every key of a part, as reconcile would. */
export async function comparePart(
  deps: ObserveDeps,
  { known, objects, unlisted, ids }: Part,
  rules: Rules,
  options: { readonly retryWords: boolean; readonly onObject?: () => void },
): Promise<PartResult> {
  const counts = newCounts();
  const found: ObjectInfo[] = [];
  const lettered: string[] = [];
  const wordKeys: string[] = [];
  const againKeys: string[] = [];
  const failures: FailureRecord[] = [];
  const present = new Set<string>();
  let passedOver = 0;
  for await (const object of objects) {
    present.add(idOfKey(object.key, deps.namespace));
    const seen = await observeKnown(deps, known, object.key, { object, obstacle: null });
    if (seen.failure?.passed_over && seen.failure.etag === object.etag) {
      passedOver++;
      continue;
    }
    counts.objects++;
    options.onObject?.();
    const asked = options.retryWords && seen.failure !== null && isWordsFailure(seen.failure);
    const action = decide(seen, { ...rules, retry: asked });
    if (!count(counts, action)) continue;
    if (action.type !== 'read_words') found.push(object);
    else if (asked) againKeys.push(object.key);
    else (seen.point?.facts?.lettered ? lettered : wordKeys).push(object.key);
  }
  const own = unlisted.filter(({ key }) => idOfKey(key, deps.namespace).startsWith(ids));
  const obstacles = await decideObstacles(deps, known, { unlisted: own, present, rules });
  failures.push(...obstacles.failures);
  counts.failed += obstacles.count;
  const gone = await decideGone(deps, known, { unlisted, present, rules });
  counts.dropped += gone.dropped;
  counts.leftovers += gone.leftovers;
  const renamed = possiblyRenamed(found, known, gone.keys);
  return {
    counts,
    passedOver,
    renamedKeys: [...renamed],
    keys: found.flatMap(({ key }) => (renamed.has(key) ? [] : key)),
    wordKeys: [...lettered, ...wordKeys],
    againKeys,
    goneKeys: [...gone.keys],
    strays: gone.strays,
    failures,
    indexed: known.points.size,
  };
}

/** How many keys differ, and why; each is counted once. */
export type Counts = {
  objects: number;
  /** Objects without a point. */
  added: number;
  changed: number;
  /** Points whose record is another. */
  annotated: number;
  /** Points without their object. */
  dropped: number;
  /** Points to index again: their thumbnail or preview is lost, or they are of another version. */
  redone: number;
  /** Points whose words are to be read; counted with `words`. */
  wordless: number;
  /** Points whose words are to be read again, by a newer version; counted with `words`. */
  reread: number;
  /** Objects that failed and whose next try is due. */
  retried: number;
  /** Objects that can't be indexed and didn't change. */
  failed: number;
  /** What is left of objects that are gone and not indexed: records, failures, thumbnails. */
  leftovers: number;
};

export const newCounts = (): Counts => ({
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
  readonly unlisted: readonly Unlistable[];
  readonly present: ReadonlySet<string>;
  readonly rules: Rules;
};

/** Objects that are listed but can't be read get a failure record here, since reading the key would find nothing. */
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
    // Files in a folder that may not be opened are not known to be deleted.
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
