import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { parseOwnKey } from '../../shared/catalog/ids.ts';
import type { Config } from '../../shared/config.ts';
import type { Log } from '../../shared/log.ts';
import type { TextEncoder } from '../../shared/models/encoder.ts';
import { openModel } from '../../shared/models/onnx-encoder.ts';
import { MODEL_ROWS } from '../../shared/models/registry.ts';
import { openWordsEncoder } from '../../shared/ocr/words-encoder.ts';
import { openOnce } from '../../shared/open-once.ts';
import { openCalibrations } from '../../shared/search/calibration.ts';
import type { VectorIndex } from '../../shared/vectors/vector-index.ts';
import { openCloud } from '../compose-cloud.ts';
import { type AppDeps, lambdaLimits } from './deps.ts';
import { mediaUrls } from './media-urls.ts';
import { s3Uploads, s3Urls } from './s3-urls.ts';

/**
 * The app's dependencies in Lambda. The text tower is loaded here, while init's CPU is free of charge; the vision
 * tower and the encoder of words are loaded at their first request.
 * @throws bad_configuration, model_missing, model_corrupt
 */
export async function openSearchFunction(config: Config, log: Log): Promise<AppDeps> {
  const cloud = await openCloud(config, log);
  const model = await openModel(cloud.model);
  const [text] = await Promise.all([model.openText(), prepareIndex(cloud.index, log)]);
  // In this process: an instance has one request at a time, and the platform's limit ends one that hangs.
  const reader = openOnce(async () => {
    const { openImageReader } = await import('../../shared/images/reader.ts');
    return openImageReader({ imageEncoder: await model.openImage(), maxPixels: config.maxPixels });
  });
  const words = openOnce(() => openWordsEncoder(cloud.wordsFolder));
  const ocrText: TextEncoder = {
    model: cloud.wordsInfo,
    encodeText: async query => (await words()).encodeText(query),
  };
  const { originals, uploads, derived } = cloud.places;
  const client = new S3Client({
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    index: cloud.index,
    calibrations: openCalibrations(cloud.index, log),
    library: cloud.library,
    text,
    ocrText: config.ocr ? ocrText : null,
    images: {
      embed: async (bytes, region) => (await reader()).embed(bytes, region),
      render: async bytes => (await reader()).render(bytes),
      check: async bytes => (await reader()).check(bytes),
    },
    models: MODEL_ROWS,
    urls: s3Urls({
      client,
      placeOf: key => (parseOwnKey(key) ? uploads : originals),
      derived,
      media: config.media && mediaUrls(config.media),
    }),
    uploads: s3Uploads({ client, uploads }),
    originals: cloud.originals,
    derived: cloud.derived,
    servesFiles: false,
    page: null,
    indexingTrouble: () => null,
    ready: async () => void (await cloud.index.count()),
    about: { gallery: 'bucket', model: cloud.modelInfo, notice: null },
    access: {
      accessTokens: config.accessTokens,
      adminTokens: config.adminTokens,
      corsOrigins: config.corsOrigins,
      place: 'cloud',
      sharing: config.sharing,
      rateLimit: config.rateLimit,
      routerSecret: config.routerSecret,
    },
    limits: lambdaLimits(config),
    temporaryFolder: tmpdir(),
    liveEvents: false,
    log,
  };
}

/** ms of init, which must end within ten seconds. */
const INDEX_PATIENCE = 3_000;

/**
 * One request that overlaps the tower's loading, so that a search before the first image finds nothing
 * instead of failing. An index that doesn't respond now is left to the searches, which say so.
 */
async function prepareIndex(index: VectorIndex, log: Log): Promise<void> {
  const prepared = index.bootstrap().catch((error: unknown) => {
    log.warn('The index is not ready', { error });
  });
  await Promise.race([prepared, sleep(INDEX_PATIENCE, undefined, { ref: false })]);
}
