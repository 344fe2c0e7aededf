import type { Events } from './events.ts';
import type { LambdaImage } from './image.ts';
import type { Secrets } from './secrets.ts';
import { currentStage } from './stage.ts';
import type { Storage } from './storage.ts';

export type Parts = { secrets: Secrets; storage: Storage; events: Events; image: LambdaImage };

/** The variables of both functions, by the names of shared/config.ts. */
export function environmentOf({ secrets, storage, events }: Parts): Record<string, $util.Input<string>> {
  const { prefix, ocr, maxPixels, maxBytes } = currentStage();
  return {
    // The only place in a function that can be written to.
    SEMBLANCE_DATA: '/tmp/semblance',
    SEMBLANCE_BUCKET: storage.originals.bucket,
    ...(storage.isExisting && { SEMBLANCE_UPLOADS_BUCKET: storage.uploads.bucket }),
    ...(prefix !== '' && { SEMBLANCE_PREFIX: prefix }),
    SEMBLANCE_DERIVED_BUCKET: storage.derived.bucket,
    SEMBLANCE_QUEUE_URL: events.queue.url,
    SEMBLANCE_ID_NAMESPACE: storage.idNamespace,
    SEMBLANCE_OCR: ocr ? 'on' : 'off',
    ...(maxPixels !== undefined && { SEMBLANCE_MAX_PIXELS: String(maxPixels) }),
    ...(maxBytes !== undefined && { SEMBLANCE_MAX_BYTES: String(maxBytes) }),
    QDRANT_URL: secrets.qdrantUrl,
    QDRANT_API_KEY: secrets.qdrantApiKey,
  };
}
