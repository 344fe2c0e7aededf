import type { Config } from '../../shared/config.ts';
import { openReaderPool } from '../../shared/images/reader-pool.ts';
import { createKeyWork } from '../../shared/indexing/key-work.ts';
import { createReconcile, type Reconcile } from '../../shared/indexing/reconcile.ts';
import { sweepStep } from '../../shared/indexing/sweep.ts';
import type { Log } from '../../shared/log.ts';
import { modelOfImage } from '../../shared/models/image-layer.ts';
import { type Cloud, openCloud } from '../compose-cloud.ts';
import type { EmbedWork } from './batch.ts';

/**
 * What the embed function does and stands on. While one model takes over from another, SEMBLANCE_MODEL names
 * both with a comma between them, and the index of each is kept; a key is settled when it is in both.
 * @throws bad_configuration, model_missing, model_corrupt, and what the index says to being set up
 */
export async function openEmbedFunction(config: Config, log: Log): Promise<EmbedWork> {
  const [model, ...others] = config.model?.split(',') ?? [];
  const first = await openForModel({ ...config, model }, log);
  const rest = await Promise.all(others.map(other => openForModel({ ...config, model: other }, log)));
  const indexes = [first, ...rest].map(({ cloud }) => cloud.index);
  const { cloud } = first;
  const reconcile: Reconcile = async (key, options) => {
    for (const other of rest) await other.reconcile(key, options);
    return first.reconcile(key, options);
  };
  return {
    keyWork: createKeyWork({
      ...cloud,
      log,
      reconcile,
      index: { count: async () => (await Promise.all(indexes.map(index => index.count())))[0] ?? 0 },
    }),
    sweeps: [first, ...rest].map(({ sweep }) => sweep),
    queue: cloud.queue,
    source: cloud.source,
  };
}

type ForModel = {
  readonly cloud: Cloud;
  readonly reconcile: Reconcile;
  readonly sweep: EmbedWork['sweeps'][number];
};

/** Images are read in a thread of their own: one that hangs or crashes it is a failure record, no lost batch. */
async function openForModel(config: Config, log: Log): Promise<ForModel> {
  const cloud = await openCloud(config, log);
  await cloud.index.bootstrap();
  const reader = openReaderPool({
    model: await modelOfImage(config.model),
    maxPixels: config.maxPixels,
    workers: 1,
    // what the function has left for a key, see TIME_FOR_A_KEY
    wallLimit: 25_000,
    wordsFolder: config.ocr ? cloud.wordsFolder : null,
  });
  const deps = { ...cloud, log, reader, maxBytes: config.maxBytes, ocr: config.ocr };
  const sweep: ForModel['sweep'] = ({ signal, ...place }) =>
    sweepStep(deps, { signal, words: config.ocr }, place);
  return { cloud, reconcile: createReconcile(deps), sweep };
}
