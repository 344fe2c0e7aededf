import { parseOwnKey, uploadId } from '../catalog/ids.ts';
import { nothingPassedOver } from '../catalog/passed-over.ts';
import { updateAnnotations } from './annotations.ts';
import { openDerivedStore } from './derived-store.ts';
import type { LibraryEvents } from './events.ts';
import { pageOfFailures, queueDue, retryFailures } from './failures.ts';
import type { Library, LibraryEvent } from './library.ts';
import type { LibraryDeps } from './library-deps.ts';
import type { LibraryStores } from './library-stores.ts';
import { inTurn } from './one-at-a-time.ts';
import { emptyTrash, listTrash, moveToTrash, restoreFromTrash } from './trash.ts';
import { expectUpload, findBySha1 } from './uploads.ts';

export type OpenLibraryDeps = LibraryStores & {
  readonly events: LibraryEvents;
  /** Whether the store itself sends a message to the queue for every object that is put, as a bucket's events do. */
  readonly storeTellsQueue?: boolean;
};

/** The collection of images as API and CLI use it; see library.ts. */
export function openLibrary(given: OpenLibraryDeps): Library {
  const { originals, index, queue, events, storeTellsQueue = false, now = () => new Date() } = given;
  const store = openDerivedStore(given);
  const deps: LibraryDeps = { originals, index, queue, events, store, now };
  /** Changes of one image wait for each other in this process; among processes conditional writes decide. */
  const turn = inTurn();
  /** How far indexing is in this process; null while it rests. */
  let latest: Extract<LibraryEvent, { type: 'progress' }> | null = null;
  let changed = now().getTime();
  events.subscribe(event => {
    if ('id' in event) changed = now().getTime();
    if (event.type !== 'progress') return;
    const isOver = event.pictures.done === event.pictures.total && event.words.done === event.words.total;
    latest = isOver ? null : event;
  });

  return {
    async state(id) {
      const [[point], isFailed, record] = await Promise.all([
        index.retrieve([id]),
        store.hasFailure(id),
        store.readRecord(id),
      ]);
      if (point) return 'indexed';
      if (isFailed) return 'failed';
      const key = record?.value?.key;
      if (key === undefined) return record ? 'queued' : 'unknown';
      // The record of a deleted file is kept for the case that its bytes come back: it is not queued.
      return parseOwnKey(key) || (await originals.head(key)) ? 'queued' : 'unknown';
    },

    findBySha1: sha1s => findBySha1(deps, sha1s),
    expectUpload: upload => expectUpload(deps, upload),

    upload: upload =>
      turn(uploadId(upload.sha1), async () => {
        const { id, key } = await expectUpload(deps, upload);
        await originals.put(key, upload.body, { contentType: `image/${upload.format}` });
        if (!storeTellsQueue) await queue.send([key]);
        return { id };
      }),

    update: (id, change) => turn(id, () => updateAnnotations(deps, id, change)),
    remove: id => turn(id, () => moveToTrash(deps, id)),
    restore: id => turn(id, () => restoreFromTrash(deps, id)),
    trash: () => listTrash(deps),
    emptyTrash: which => emptyTrash(deps, which),
    failures: page => pageOfFailures(deps, page),
    retry: ids => retryFailures(deps, ids),
    queueDue: () => queueDue(deps),

    async counts() {
      const [images, { waiting, words, inWork }, passedOver] = await Promise.all([
        index.count(),
        queue.counts(),
        store.readPassedOver(),
      ]);
      const { pictures: left, words: reading } = latest ?? { pictures: null, words: null };
      return {
        images,
        queued: waiting,
        inWork,
        pictures: { waiting: waiting - words, secondsLeft: left?.secondsLeft ?? null },
        words: { waiting: words, secondsLeft: reading?.secondsLeft ?? null },
        passedOver: passedOver ?? nothingPassedOver(),
      };
    },

    unchangedFor: () => now().getTime() - changed,
    subscribe: listener => events.subscribe(listener),
  };
}
