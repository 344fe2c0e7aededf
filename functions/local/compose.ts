import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { collectionSchema } from '../../shared/catalog/collection.ts';
import type { ImageReader } from '../../shared/catalog/image-description.ts';
import type { Config } from '../../shared/config.ts';
import { openReaderPool } from '../../shared/images/reader-pool.ts';
import { createEvents, type LibraryEvents } from '../../shared/indexing/events.ts';
import { createKeyWork, type KeyWork } from '../../shared/indexing/key-work.ts';
import type { Library } from '../../shared/indexing/library.ts';
import { openLibrary } from '../../shared/indexing/open-library.ts';
import { createReconcile, type Reconcile } from '../../shared/indexing/reconcile.ts';
import type { SweepDeps } from '../../shared/indexing/sweep-options.ts';
import type { Log } from '../../shared/log.ts';
import { chooseModel, type ModelFallback } from '../../shared/models/choose-model.ts';
import type { ModelInfo, TextEncoder } from '../../shared/models/encoder.ts';
import { readModelInfo } from '../../shared/models/model-folder.ts';
import type { PullEvent } from '../../shared/models/pull.ts';
import { MODEL_ROWS } from '../../shared/models/registry.ts';
import { openFolderStore } from '../../shared/objects/folder-store.ts';
import { laptopOriginals } from '../../shared/objects/laptop-originals.ts';
import type { ObjectStore } from '../../shared/objects/object-store.ts';
import { readWordsModel, WORDS_MODEL } from '../../shared/ocr/words-model.ts';
import { openSqliteQueue } from '../../shared/queue/sqlite-queue.ts';
import type { WorkQueue } from '../../shared/queue/work-queue.ts';
import { openCalibrations } from '../../shared/search/calibration.ts';
import { namingEmoji } from '../../shared/search/emoji.ts';
import type { SearchPorts } from '../../shared/search/search.ts';
import { openTextThread } from '../../shared/search/text-thread.ts';
import { type EmbeddedIndexOptions, openEmbeddedIndex } from '../../shared/vectors/embedded-index.ts';
import type { CollectionOwner } from '../../shared/vectors/qdrant-collection.ts';
import { openQdrantIndex } from '../../shared/vectors/qdrant-index.ts';
import type { VectorIndex } from '../../shared/vectors/vector-index.ts';
import { type DataFolder, markUsed, modelCacheFolder, openDataFolder } from './data-folder.ts';

/** The images that come with the project. */
export const GALLERY = join(import.meta.dirname, '../../gallery');
/** Weights that come with the project. */
const BUNDLED_MODELS = join(import.meta.dirname, '../../models');

/** The whole product on one machine, on one folder of images. */
export type Local = {
  /** The folder as it was given: GALLERY or the user's own. */
  readonly folder: string;
  readonly data: DataFolder;
  readonly model: ModelInfo;
  /** Set where the demo model is used instead of the configured one. */
  readonly fallback: ModelFallback | null;
  readonly originals: ObjectStore;
  readonly derived: ObjectStore;
  readonly index: VectorIndex;
  /** Where a damaged index file is kept; the sweep rebuilds the index. */
  readonly damagedIndex: string | null;
  readonly queue: WorkQueue;
  readonly events: LibraryEvents;
  readonly library: Library;
  readonly reader: ImageReader;
  readonly reconcile: Reconcile;
  readonly keyWork: KeyWork;
  readonly sweepDeps: SweepDeps;
  readonly search: SearchPorts;
  readonly text: TextEncoder;
  readonly ocrText: TextEncoder | null;
  readonly workers: number;
  /** Calls it when the index had to be made again while in use: it is empty then, and a sweep must fill it. */
  onIndexMade(listener: () => void): void;
  close(): Promise<void>;
};

export type OpenLocalOptions = {
  readonly config: Config;
  /** Folder of images; the bundled gallery when it is GALLERY. */
  readonly folder: string;
  /** Where the folder was when it was indexed; see openDataFolder. */
  readonly movedFrom?: string | undefined;
  readonly log: Log;
  readonly onPull?: (event: PullEvent) => void;
  /** Told how far the reading of a large index is; see openEmbeddedIndex. */
  readonly onRowsRead?: (read: number, total: number) => void;
  readonly signal?: AbortSignal;
};

/**
 * Puts the embedded adapters together; nothing runs yet.
 * @throws folder_missing, data_read_only, disk_full, unknown_model and what fetching a model throws
 */
export async function openLocal({
  config,
  folder,
  movedFrom,
  log,
  onPull,
  onRowsRead,
  signal,
}: OpenLocalOptions): Promise<Local> {
  const data = await openDataFolder(config.dataFolder, folder, { movedFrom, log });
  const { model: located, fallback } = await chooseModel({
    requested: config.model,
    folderGiven: resolve(folder) !== GALLERY,
    cacheFolder: modelCacheFolder(config.dataFolder),
    baseUrl: config.modelBaseUrl,
    ...(onPull ? { onEvent: onPull } : {}),
    signal,
  });
  const model = await readModelInfo(located);
  const wordsFolder = join(BUNDLED_MODELS, WORDS_MODEL);
  const words = await readWordsModel(wordsFolder);

  const schema = collectionSchema(model.dimension, words.dimension);
  const namespace = config.idNamespace ?? data.namespace;
  let indexMade = (): void => {};
  const { index, damagedFile } = await openIndex(
    config,
    data,
    { namespace, model: model.fingerprint },
    { schema, onRowsRead, signal },
    async () => indexMade(),
  );
  await index.bootstrap();

  const originals = laptopOriginals(
    await openFolderStore(data.source, { readOnly: true, exclude: config.dataFolder }),
    await openFolderStore(data.originals),
  );
  const derived = await openFolderStore(data.derived);
  const queue = openSqliteQueue(data.queueFile);
  const events = createEvents();
  const workers = availableParallelism();
  const reader = openReaderPool({
    model: located,
    maxPixels: config.maxPixels,
    workers,
    wordsFolder: config.ocr ? wordsFolder : null,
  });
  const texts = openTextThread({ model: located, modelInfo: model, wordsFolder, wordsInfo: words });
  const { text } = texts;
  const ocrText = config.ocr ? texts.words : null;
  const calibrations = openCalibrations(index, log);
  const shared = { originals, derived, index, queue, events, namespace, log };
  const reconcile = createReconcile({
    ...shared,
    reader,
    maxBytes: config.maxBytes,
    ocr: config.ocr,
    wordsLater: key => queue.send([key], { turn: 'words' }),
  });
  await markUsed(data);
  return {
    folder: resolve(folder),
    data,
    model,
    fallback,
    originals,
    derived,
    index,
    damagedIndex: damagedFile,
    queue,
    events,
    library: openLibrary(shared),
    reader,
    reconcile,
    keyWork: createKeyWork({ ...shared, reconcile }),
    sweepDeps: shared,
    search: {
      index,
      calibrations,
      text: namingEmoji(text),
      ocrText,
      images: reader,
      models: MODEL_ROWS,
    },
    text,
    ocrText,
    workers,
    onIndexMade(listener) {
      indexMade = listener;
    },
    async close() {
      await calibrations.close();
      await reader.close();
      await texts.close();
      await queue.close();
      await index.close();
    },
  };
}

type OpenIndex = { readonly index: VectorIndex; readonly damagedFile: string | null };

/** Qdrant where QDRANT_URL is set, else a file in the data folder. */
async function openIndex(
  { qdrant }: Config,
  data: DataFolder,
  owner: CollectionOwner,
  options: Omit<EmbeddedIndexOptions, 'file'>,
  onMade: () => Promise<void>,
): Promise<OpenIndex> {
  const { schema } = options;
  if (qdrant) return { index: openQdrantIndex({ ...qdrant, owner, schema, onMade }), damagedFile: null };
  const index = await openEmbeddedIndex({ ...options, file: data.indexFile(owner.model) });
  return { index, damagedFile: index.damagedFile };
}
