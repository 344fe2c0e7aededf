import { join } from 'node:path';
import type { Config } from '../../shared/config.ts';
import { SemblanceError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log.ts';
import { chooseModel } from '../../shared/models/choose-model.ts';
import { IMAGE_MODELS } from '../../shared/models/image-layer.ts';
import { fingerprint, readModelInfo } from '../../shared/models/model-folder.ts';
import type { PullEvent } from '../../shared/models/pull.ts';
import { MODEL_ROWS, resolveModel } from '../../shared/models/registry.ts';
import { readWordsModel, WORDS_MODEL } from '../../shared/ocr/words-model.ts';
import { openOnce } from '../../shared/open-once.ts';
import { openCalibrations } from '../../shared/search/calibration.ts';
import type { SearchPorts } from '../../shared/search/search.ts';
import { openTextThread } from '../../shared/search/text-thread.ts';
import type { VectorIndex } from '../../shared/vectors/vector-index.ts';
import { modelCacheFolder } from '../local/data-folder.ts';

const WORDS_FOLDER = join(IMAGE_MODELS, WORDS_MODEL);

export const bundledWords = () => readWordsModel(WORDS_FOLDER);

/** Of two models, while one takes over from the other, the first is used for searches. */
const nameOf = ({ model }: Config): string | undefined => model?.split(',')[0];

/**
 * What the index of a stage is named and shaped by, without the weights.
 * @throws bad_configuration for a model that is not in the registry: only its files say its dimension
 */
export function modelOfStage(config: Config): { fingerprint: string; dimension: number } {
  const row = resolveModel(nameOf(config));
  if (row.dimension === null)
    throw new SemblanceError('bad_configuration', `${row.name} is not a model of the registry`);
  return { fingerprint: fingerprint(row), dimension: row.dimension };
}

/** What embeds queries on this machine, as the stage's search function does; the model is fetched where it is not here. */
export async function openSearchPorts(
  config: Config,
  index: VectorIndex,
  {
    log,
    onPull,
    signal,
  }: {
    readonly log: Log;
    readonly onPull: (event: PullEvent) => void;
    readonly signal: AbortSignal;
  },
): Promise<{ ports: SearchPorts; close(): Promise<void> }> {
  const { model: located } = await chooseModel({
    requested: resolveModel(nameOf(config)).name,
    folderGiven: true,
    cacheFolder: modelCacheFolder(config.dataFolder),
    baseUrl: config.modelBaseUrl,
    onEvent: onPull,
    signal,
  });
  const texts = openTextThread({
    model: located,
    modelInfo: await readModelInfo(located),
    wordsFolder: WORDS_FOLDER,
    wordsInfo: await bundledWords(),
  });
  const reader = openOnce(async () => {
    const [{ openImageReader }, { openModel }] = await Promise.all([
      import('../../shared/images/reader.ts'),
      import('../../shared/models/onnx-encoder.ts'),
    ]);
    const imageEncoder = await (await openModel(located)).openImage();
    return openImageReader({ imageEncoder, maxPixels: config.maxPixels });
  });
  return {
    ports: {
      index,
      text: texts.text,
      ocrText: config.ocr ? texts.words : null,
      calibrations: openCalibrations(index, log),
      images: { embed: async bytes => (await reader()).embed(bytes) },
      models: MODEL_ROWS,
    },
    close: texts.close,
  };
}
