import { join } from 'node:path';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { S3Client } from '@aws-sdk/client-s3';
import { collectionSchema } from '../shared/catalog/collection.ts';
import type { Config } from '../shared/config.ts';
import { SemblanceError } from '../shared/errors.ts';
import { createEvents, type LibraryEvents } from '../shared/indexing/events.ts';
import type { Library } from '../shared/indexing/library.ts';
import { openLibrary } from '../shared/indexing/open-library.ts';
import type { Log } from '../shared/log.ts';
import type { ModelInfo, TextModelInfo } from '../shared/models/encoder.ts';
import { IMAGE_MODELS, modelOfImage } from '../shared/models/image-layer.ts';
import { type LocatedModel, readModelInfo } from '../shared/models/model-folder.ts';
import { laptopOriginals } from '../shared/objects/laptop-originals.ts';
import type { ObjectStore } from '../shared/objects/object-store.ts';
import { createS3Client, openS3Store } from '../shared/objects/s3-store.ts';
import { readWordsModel, WORDS_MODEL } from '../shared/ocr/words-model.ts';
import type { Source } from '../shared/queue/message.ts';
import { openSqsQueue, type SqsQueue } from '../shared/queue/sqs-queue.ts';
import { createSqsClient } from '../shared/queue/sqs-requests.ts';
import { openQdrantIndex } from '../shared/vectors/qdrant-index.ts';
import type { VectorIndex } from '../shared/vectors/vector-index.ts';

/** A bucket, and the prefix of the keys in it that count. */
export type Place = { readonly bucket: string; readonly prefix: string };

export type Places = {
  /** Where people put images. The product only reads it where `uploads` is another place. */
  readonly originals: Place;
  /** Where images are stored that are uploaded through the API. */
  readonly uploads: Place;
  readonly derived: Place;
};

/** A stage as functions and the command line work with it. No request is sent before it is used. */
export type Stage = {
  readonly s3: S3Client;
  readonly places: Places;
  /** The places whose events are processed. */
  readonly source: Source;
  readonly originals: ObjectStore;
  readonly derived: ObjectStore;
  readonly queue: SqsQueue;
  readonly index: VectorIndex;
  readonly events: LibraryEvents;
  readonly library: Library;
  readonly namespace: string;
};

/**
 * The dependencies of both functions. Only small files of the models are read: their runtime, transformers.js, takes
 * half a second to load and is left to what embeds.
 */
export type Cloud = Stage & {
  /** The model of the function's container image. */
  readonly model: LocatedModel;
  readonly modelInfo: ModelInfo;
  /** Folder of the model that embeds words. */
  readonly wordsFolder: string;
  readonly wordsInfo: TextModelInfo;
};

/**
 * Puts a function's cloud adapters together, with the model of its container image.
 * @throws bad_configuration where a variable is missing; model_missing, model_corrupt
 */
export async function openCloud(config: Config, log: Log): Promise<Cloud> {
  const wordsFolder = join(IMAGE_MODELS, WORDS_MODEL);
  const model = await modelOfImage(config.model);
  const [modelInfo, wordsInfo] = await Promise.all([readModelInfo(model), readWordsModel(wordsFolder)]);
  return { ...openStage(config, modelInfo, wordsInfo, log), model, modelInfo, wordsFolder, wordsInfo };
}

/**
 * Puts a stage's adapters together.
 * @throws bad_configuration where a variable is missing
 */
export function openStage(
  config: Config,
  model: Pick<ModelInfo, 'fingerprint' | 'dimension'>,
  words: Pick<TextModelInfo, 'dimension'>,
  log: Log,
): Stage {
  const required = <T>(value: T | undefined, name: string): T => {
    if (value !== undefined) return value;
    throw new SemblanceError('bad_configuration', `${name} is required to work with a stage`);
  };
  const originalsPlace = { bucket: required(config.bucket, 'SEMBLANCE_BUCKET'), prefix: config.prefix };
  const places: Places = {
    originals: originalsPlace,
    uploads: config.uploadsBucket ? { bucket: config.uploadsBucket, prefix: '' } : originalsPlace,
    derived: { bucket: required(config.derivedBucket, 'SEMBLANCE_DERIVED_BUCKET'), prefix: '' },
  };
  const queueUrl = required(config.queueUrl, 'SEMBLANCE_QUEUE_URL');
  const qdrant = required(config.qdrant, 'QDRANT_URL');
  const namespace = required(config.idNamespace, 'SEMBLANCE_ID_NAMESPACE');

  const schema = collectionSchema(model.dimension, words.dimension);
  const s3 = createS3Client();
  const images = openS3Store({ client: s3, ...places.originals });
  const originals = config.uploadsBucket
    ? laptopOriginals(images, openS3Store({ client: s3, ...places.uploads }))
    : images;
  const source = [places.originals, ...(config.uploadsBucket ? [places.uploads] : [])];
  const derived = openS3Store({ client: s3, ...places.derived });
  const queue = openSqsQueue({ client: createSqsClient(), queueUrl, source });
  const index = openQdrantIndex({
    ...qdrant,
    owner: { namespace, model: model.fingerprint },
    schema,
    async onMade() {
      log.warn('The collection was made; a sweep will fill it from the bucket');
      await queue.sendSweep();
    },
  });
  const events = createEvents();
  const library = openLibrary({ originals, derived, index, queue, events, storeTellsQueue: true, log });
  return {
    s3,
    places,
    source,
    originals,
    derived,
    queue,
    index,
    events,
    library,
    namespace,
  };
}

/** The functions' log: JSON lines that CloudWatch can query. */
export function functionLog(logger: Logger): Log {
  return {
    debug: (message, fields = {}) => logger.debug(message, fields),
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
  };
}
