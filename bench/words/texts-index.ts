import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectionSchema, OCR, OCR_TERMS, VECTOR_OF } from '../../shared/catalog/collection.ts';
import { keyId, sha1Hex } from '../../shared/catalog/ids.ts';
import { payloadSchema } from '../../shared/catalog/payload.ts';
import { documentTerms } from '../../shared/ocr/bm25.ts';
import { lettersOf, phraseOf } from '../../shared/ocr/tokens.ts';
import { openWordsEncoder } from '../../shared/ocr/words-encoder.ts';
import { WORDS_MODEL } from '../../shared/ocr/words-model.ts';
import { openCalibrations } from '../../shared/search/calibration.ts';
import { measureFits, type SearchPorts } from '../../shared/search/search.ts';
import { rememberingTexts } from '../../shared/search/text-vectors.ts';
import { openEmbeddedIndex } from '../../shared/vectors/embedded-index.ts';
import type { Point } from '../../shared/vectors/vector-index.ts';

const NAMESPACE = '5f0c3a52-8a8e-4d1f-9b0e-3f6f1c7a2b10';

/** The id of the image on which the n-th text stands. */
export const idOfText = (n: number): string => keyId(`${n}.png`, NAMESPACE);

/** Search over an index of images on which these texts stand, as if OCR had read them. */
export async function withTexts<T>(
  texts: readonly string[],
  work: (ports: SearchPorts) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'semblance-bench-texts-'));
  const encoder = await openWordsEncoder(join(import.meta.dirname, '../../models', WORDS_MODEL));
  const { dimension } = encoder.model;
  const schema = collectionSchema(dimension, dimension);
  const index = await openEmbeddedIndex({ file: join(folder, 'index.db'), schema });
  try {
    const points: Point[] = [];
    for (const [n, text] of texts.entries())
      points.push(pointOf(n, text, (await encoder.encodeText(text)).vector));
    await index.upsert(points);
    const text = rememberingTexts(encoder);
    const ports: SearchPorts = {
      index,
      calibrations: openCalibrations(index, console),
      text,
      ocrText: text,
      images: { embed: () => Promise.reject(new TypeError('no images here')) },
      models: [],
    };
    await measureFits(ports, [OCR]);
    return await work(ports);
  } finally {
    await index.close();
    await encoder.close();
    await rm(folder, { recursive: true });
  }
}

const pointOf = (n: number, text: string, embedding: Float32Array): Point => ({
  id: idOfText(n),
  vectors: { [VECTOR_OF.ocr]: embedding },
  sparse: { [OCR_TERMS]: documentTerms(text) },
  payload: payloadSchema.parse({
    key: `${n}.png`,
    etag: 'e',
    format: 'png',
    bytes: 1,
    sha1: sha1Hex(new TextEncoder().encode(text)),
    width: 640,
    height: 480,
    aspect_ratio: 4 / 3,
    index_date: '2026-01-01T00:00:00Z',
    taken_at_source: 'file',
    taken_local: '2026-01-01T00:00:00',
    dhash: '0'.repeat(16),
    has_thumbnail: false,
    has_preview: false,
    local: false,
    ocr_text: text,
    ocr_phrase: phraseOf(text),
    ocr_letters: lettersOf(text),
  }),
});
