import { createApp } from '../../functions/search/app.ts';
import { type AccessRules, type AppDeps, laptopLimits } from '../../functions/search/deps.ts';
import type { TextEncoder } from '../../shared/models/encoder.ts';

/** Stands for something that must not be touched. */
const untouchable = (name: string): never =>
  new Proxy(
    {},
    {
      get() {
        throw new Error(`${name} was touched`);
      },
    },
  ) as never;

const text: TextEncoder = {
  model: { name: 'm', fingerprint: 'f', dimension: 1, languages: ['*'] },
  encodeText: () => Promise.reject(new Error('text was embedded')),
};

export const BOTH_TOKENS = {
  accessTokens: ['read-me', 'read-me-too'],
  adminTokens: ['rule-me', 'rule-me-too'],
};

/** The app on nothing: whatever goes beyond the door is a fault. */
export function stubbedApp(access: Partial<AccessRules> = BOTH_TOKENS, deps: Partial<AppDeps> = {}) {
  return createApp({
    index: untouchable('index'),
    library: untouchable('library'),
    text,
    ocrText: null,
    calibrations: { known: () => null, measured: async () => null, close: async () => {} },
    images: untouchable('images'),
    models: [],
    urls: untouchable('urls'),
    uploads: untouchable('uploads'),
    originals: untouchable('originals'),
    derived: untouchable('derived'),
    servesFiles: false,
    page: null,
    indexingTrouble: () => null,
    ready: async () => {},
    about: { gallery: 'folder', model: { name: 'm', demo: false, languages: [] }, notice: null },
    access: {
      accessTokens: [],
      adminTokens: [],
      corsOrigins: [],
      place: 'laptop',
      ...access,
    },
    limits: laptopLimits({ maxBytes: 1_000_000, maxPixels: 1_000_000 }),
    temporaryFolder: '/nonexistent',
    liveEvents: true,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    ...deps,
  });
}

/** What Node's server passes to the app about its peer. */
export const peer = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });
