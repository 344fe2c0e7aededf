import type { Config } from '../../shared/config.ts';
import type { Log } from '../../shared/log.ts';
import { MODEL_ROWS } from '../../shared/models/registry.ts';
import { type AppDeps, laptopLimits } from '../search/deps.ts';
import { localUploads } from '../search/local-uploads.ts';
import { localUrls } from '../search/local-urls.ts';
import type { Page } from '../search/page.ts';
import { GALLERY, type Local } from './compose.ts';

/** The app's dependencies when it runs on this machine. */
export const localAppDeps = ({
  local,
  config,
  page,
  log,
  closing,
  indexingTrouble = () => null,
}: {
  readonly local: Local;
  readonly config: Config;
  readonly page: Page | null;
  readonly log: Log;
  readonly closing: AbortSignal;
  /** Where this process indexes. */
  readonly indexingTrouble?: AppDeps['indexingTrouble'];
}): AppDeps => ({
  index: local.index,
  library: local.library,
  text: local.text,
  ocrText: local.ocrText,
  calibrations: local.search.calibrations,
  images: local.reader,
  models: MODEL_ROWS,
  urls: localUrls,
  uploads: localUploads({ originals: local.originals, queue: local.queue }),
  originals: local.originals,
  derived: local.derived,
  servesFiles: true,
  page,
  indexingTrouble,
  ready: async () => void (await local.index.count()),
  about: {
    gallery: local.folder === GALLERY ? 'demo' : 'folder',
    model: local.model,
    notice: local.fallback?.statement ?? null,
  },
  access: {
    accessTokens: config.accessTokens,
    adminTokens: config.adminTokens,
    corsOrigins: config.corsOrigins,
    place: 'laptop',
    sharing: config.sharing,
    rateLimit: config.rateLimit,
  },
  limits: laptopLimits(config),
  temporaryFolder: local.data.receiving,
  liveEvents: true,
  closing,
  log,
});
