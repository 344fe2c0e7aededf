import { failureKey } from '../catalog/derived-keys.ts';
import { idOfKey } from '../catalog/ids.ts';
import { lacksWords, payloadSchema } from '../catalog/payload.ts';
import { SemblanceError } from '../errors.ts';
import { isIgnoredKey, keyFault } from '../objects/keys.ts';
import type { ObjectInfo, ObjectStore } from '../objects/object-store.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';
import { type DocumentDeps, idOfDerived, listFailures, readRecord } from './records.ts';

export type SweepDeps = DocumentDeps & {
  readonly originals: ObjectStore;
  readonly index: VectorIndex;
  readonly queue: WorkQueue;
  /** UUID; see idOfKey. */
  readonly namespace: string;
};

export type SweepOptions = {
  /** Only compares. */
  readonly dryRun?: boolean;
  /** Goes on where more than 30 % of the images would be dropped. */
  readonly allowDrop?: boolean;
  /** Also queues images whose words were never looked for, as with OCR off; it must be on. */
  readonly words?: boolean;
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
  readonly said: number;
  /** Points without their object. */
  readonly dropped: number;
  /** Points to index anew: their thumbnail or preview is lost, or they are of another version. */
  readonly redone: number;
  /** Points whose words are to be read; counted where they are asked for. */
  readonly wordless: number;
  /** Objects that can't be indexed and didn't change. */
  readonly failed: number;
  /** Records and failures whose object is gone. */
  readonly leftovers: number;
  /** Keys sent to the queue; with dryRun those that would be. */
  readonly queued: number;
};

/** A sweep that would drop a larger share stops: a drive is unmounted, or a prefix is wrong. */
const LARGEST_DROP = 0.3;
/** So few may always go, as long as anything is left: one of two images is no unmounted drive. */
const SMALL_DROP = 3;

const KEYS_AT_ONCE = 1000;

/**
 * Compares what is stored with what is indexed and queues the keys that differ: it finds what happened while
 * nobody watched and what events missed, rebuilds a lost index, and is harmless at any time. Stopped half-way
 * it is simply begun again: what is done is found the same, and what was queued waits in the queue.
 * @throws folder_emptied when too much would be dropped, before anything is queued
 */
export async function sweep(deps: SweepDeps, options: SweepOptions = {}): Promise<SweepReport> {
  const points = await readPoints(deps, options);
  const records = await etagsUnder(deps.derived, 'records/', options.signal);
  const failures = new Map<string, KnownFailure>();
  for await (const failure of listFailures(deps)) failures.set(failure.id, failure);

  const counts = {
    objects: 0,
    added: 0,
    changed: 0,
    said: 0,
    dropped: 0,
    redone: 0,
    wordless: 0,
    failed: 0,
    leftovers: 0,
  };
  const keys: string[] = [];
  const redoIds: string[] = [];
  const present = new Set<string>();

  for await (const object of deps.originals.list('')) {
    options.signal?.throwIfAborted();
    if (isIgnoredKey(object.key)) continue;
    counts.objects++;
    if (counts.objects % 100 === 0) options.onProgress?.(counts.objects);
    const id = idOfKey(object.key, deps.namespace);
    present.add(id);
    const found = difference(object, points.get(id), failures.get(id), records.get(id) ?? null);
    if (found === null) continue;
    counts[found]++;
    if (found === 'redone') redoIds.push(id);
    if (found !== 'failed') keys.push(object.key);
  }
  options.onProgress?.(counts.objects);

  for (const [id, point] of points) {
    if (present.has(id)) continue;
    counts.dropped++;
    keys.push(point.key);
  }
  assertPlausible(counts.dropped, points.size, counts.objects, options.allowDrop ?? false);

  const leftovers = await leftoversOf(deps, { present, points, records, failures });
  counts.leftovers = leftovers.keys.length + leftovers.failureKeys.length;
  keys.push(...leftovers.keys);

  if (!options.dryRun) {
    for (const key of leftovers.failureKeys) await deps.derived.delete(key);
    for (let start = 0; start < redoIds.length; start += KEYS_AT_ONCE)
      // no object has this ETag, so these count as changed wherever their keys are taken up
      await deps.index.setPayload(redoIds.slice(start, start + KEYS_AT_ONCE), { etag: '' });
    for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
      options.signal?.throwIfAborted();
      await deps.queue.send(keys.slice(start, start + KEYS_AT_ONCE), { background: true });
    }
  }
  return { ...counts, queued: keys.length };
}

/** How an object differs from what is indexed; null: it doesn't. */
function difference(
  object: ObjectInfo,
  point: KnownPoint | undefined,
  failure: KnownFailure | undefined,
  recordEtag: string | null,
): 'added' | 'changed' | 'said' | 'redone' | 'wordless' | 'failed' | null {
  if (!point) return failure?.etag === object.etag && failure.key === object.key ? 'failed' : 'added';
  if (point.etag !== object.etag || point.key !== object.key) return 'changed';
  if (point.redo) return 'redone';
  if (point.recordEtag !== recordEtag) return 'said';
  return point.wordless ? 'wordless' : null;
}

type KnownFailure = { readonly key: string; readonly etag: string };
type KnownPoint = { key: string; etag: string; recordEtag: string | null; redo: boolean; wordless: boolean };

async function readPoints(
  { index, derived }: SweepDeps,
  { words = false, signal }: SweepOptions,
): Promise<Map<string, KnownPoint>> {
  const thumbnails = await etagsUnder(derived, 'thumbnails/', signal);
  const previews = await etagsUnder(derived, 'previews/', signal);
  const points = new Map<string, KnownPoint>();
  let offset: string | undefined;
  do {
    signal?.throwIfAborted();
    const page = await index.scroll({ limit: KEYS_AT_ONCE, ...(offset === undefined ? {} : { offset }) });
    for (const point of page.points) {
      const parsed = payloadSchema.safeParse(point.payload);
      if (parsed.success) {
        const payload = parsed.data;
        const lost =
          (payload.has_thumbnail && !thumbnails.has(point.id)) ||
          (payload.has_preview && !previews.has(point.id));
        points.set(point.id, {
          key: payload.key,
          etag: payload.etag,
          recordEtag: payload.record_etag,
          redo: lost,
          wordless: words && lacksWords(payload),
        });
      } else {
        const { key } = point.payload;
        points.set(point.id, {
          key: typeof key === 'string' ? key : '',
          etag: '',
          recordEtag: null,
          redo: true,
          wordless: false,
        });
      }
    }
    offset = page.next ?? undefined;
  } while (offset !== undefined);
  return points;
}

/** ETags of documents by the id in their key. */
async function etagsUnder(
  store: ObjectStore,
  prefix: string,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const etags = new Map<string, string>();
  for await (const object of store.list(prefix)) {
    signal?.throwIfAborted();
    etags.set(idOfDerived(object.key), object.etag);
  }
  return etags;
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
 * Keys of records whose object is neither there nor indexed (an upload that never came, a renamed file's) and
 * of failures whose object is gone; and failures to delete, whose key no store can look at.
 */
async function leftoversOf(
  deps: SweepDeps,
  seen: {
    present: ReadonlySet<string>;
    points: ReadonlyMap<string, unknown>;
    records: ReadonlyMap<string, string>;
    failures: ReadonlyMap<string, KnownFailure>;
  },
): Promise<{ keys: string[]; failureKeys: string[] }> {
  const keys = new Set<string>();
  for (const id of seen.records.keys()) {
    if (seen.present.has(id) || seen.points.has(id)) continue;
    const key = (await readRecord(deps, id))?.value?.key;
    if (key !== undefined) keys.add(key);
  }
  const gone = [...seen.failures].filter(([id]) => !seen.present.has(id));
  for (const [, { key }] of gone) if (keyFault(key) === null) keys.add(key);
  const failureKeys = gone.filter(([, { key }]) => keyFault(key) !== null).map(([id]) => failureKey(id));
  return { keys: [...keys], failureKeys };
}
