import type { Events } from './events.ts';
import type { LambdaImage } from './image.ts';
import type { Secrets } from './secrets.ts';
import type { Storage } from './storage.ts';

export type Parts = { secrets: Secrets; storage: Storage; events: Events; image: LambdaImage };

/** What both functions are told, by the names of shared/config.ts. */
export const environmentOf = ({ secrets, storage, events }: Parts) => ({
  // The only place in a function that can be written to.
  SEMBLANCE_DATA: '/tmp/semblance',
  SEMBLANCE_BUCKET: storage.originals.bucket,
  SEMBLANCE_DERIVED_BUCKET: storage.derived.bucket,
  SEMBLANCE_QUEUE_URL: events.queue.url,
  SEMBLANCE_ID_NAMESPACE: storage.idNamespace,
  QDRANT_URL: secrets.qdrantUrl,
  QDRANT_API_KEY: secrets.qdrantApiKey,
});
