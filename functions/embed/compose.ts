import type { Config } from '../../shared/config.ts';
import { openReaderPool } from '../../shared/images/reader-pool.ts';
import { createKeyWork } from '../../shared/indexing/key-work.ts';
import { createReconcile, type Reconcile } from '../../shared/indexing/reconcile.ts';
import { sweepStep } from '../../shared/indexing/sweep.ts';
import type { Log } from '../../shared/log.ts';
import { openOnce } from '../../shared/open-once.ts';
import { type Cloud, openCloud } from '../compose-cloud.ts';
import type { EmbedWork } from './batch.ts';

/**
 * What the embed function does, and its dependencies. While one model takes over from another, SEMBLANCE_MODEL names
 * both with a comma between them, and the index of each is kept; a key is settled when it is in both. An index that
 * is away when the function starts is set up when it is back: until then the messages are held, not lost in a crash.
 * @throws bad_configuration, model_missing, model_corrupt
 */
export async function openEmbedFunction(config: Config, log: Log): Promise<EmbedWork> {
  const [model, ...others] = config.model?.split(',') ?? [];
  const first = await openForModel({ ...config, model }, log);
  const rest = await Promise.all(others.map(other => openForModel({ ...config, model: other }, log)));
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
      index: { count: async () => (await Promise.all([first, ...rest].map(each => each.count())))[0] ?? 0 },
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
  readonly count: () => Promise<number>;
};

/** Images are read in a process of their own: one that hangs or crashes it is a failure record, no lost batch. */
async function openForModel(config: Config, log: Log): Promise<ForModel> {
  const cloud = await openCloud(config, log);
  const prepared = openOnce(() => cloud.index.bootstrap());
  // It starts while the reader opens. What needs the index awaits it, and fails with its error.
  prepared().catch(error => log.warn('The index is not ready', { error }));
  const reader = openReaderPool({
    model: cloud.model,
    maxPixels: config.maxPixels,
    workers: 1,
    // The time that the function has left for a key, see TIME_FOR_A_KEY.
    wallLimit: 25_000,
    wordsFolder: config.ocr ? cloud.wordsFolder : null,
  });
  const deps = { ...cloud, log, reader, maxBytes: config.maxBytes, ocr: config.ocr };
  const reconcile = createReconcile(deps);
  return {
    cloud,
    async reconcile(key, options) {
      await prepared();
      return reconcile(key, options);
    },
    async sweep({ signal, ...place }) {
      await prepared();
      return sweepStep(deps, { signal, words: config.ocr }, place);
    },
    async count() {
      await prepared();
      return cloud.index.count();
    },
  };
}
