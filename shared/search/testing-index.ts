import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectionSchema, OCR_TERMS, VECTOR_OF } from '../catalog/collection.ts';
import { type ImagePayload, payloadSchema } from '../catalog/payload.ts';
import { localClock } from '../catalog/taken.ts';
import type { TextEncoder } from '../models/encoder.ts';
import { documentTerms } from '../ocr/bm25.ts';
import { lettersOf, phraseOf } from '../ocr/tokens.ts';
import { openEmbeddedIndex } from '../vectors/embedded-index.ts';
import { unit } from '../vectors/unit.ts';
import type { Point, VectorIndex } from '../vectors/vector-index.ts';
import { openCalibrations } from './calibration.ts';
import type { SearchPorts } from './search.ts';

/** Components of both vectors in these tests. */
export const DIMENSION = 4;

/** The id of a number, ascending with it. */
export const idOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

/** Unit vector of these components; those left out are 0. */
const vectorOf = (numbers: readonly number[]): Float32Array =>
  unit(Float32Array.from({ length: DIMENSION }, (_, d) => numbers[d] || 0));

/** A point with whatever of its payload a test is about. */
export function imageAt(
  n: number,
  vectors: { readonly vision?: readonly number[]; readonly ocr?: readonly number[] },
  payload: Partial<ImagePayload> = {},
): Point {
  const { vision, ocr } = vectors;
  const text = payload.ocr_text ?? '';
  return {
    id: idOf(n),
    vectors: {
      ...(vision && { [VECTOR_OF.vision]: vectorOf(vision) }),
      ...(ocr && { [VECTOR_OF.ocr]: vectorOf(ocr) }),
    },
    ...(text === '' ? {} : { sparse: { [OCR_TERMS]: documentTerms(text) } }),
    payload: payloadSchema.parse({
      key: `${n}.jpg`,
      etag: 'e',
      format: 'jpeg',
      bytes: 1,
      sha1: n.toString(16).padStart(40, '0'),
      width: 100,
      height: 100,
      aspect_ratio: 1,
      index_date: '2026-01-01T00:00:00Z',
      taken_at_source: 'exif',
      taken_local: localClock(payload.taken_at ?? '2026-01-01T00:00:00'),
      dhash: '0'.repeat(16),
      has_thumbnail: false,
      has_preview: false,
      local: true,
      ocr_phrase: phraseOf(text),
      ocr_letters: lettersOf(text),
      ...payload,
    }),
  };
}

/** Calls of an index, by method. */
export type Calls = Record<'retrieve' | 'query' | 'facet' | 'scroll' | 'sample', number>;

export type TestIndex = VectorIndex & { readonly calls: Calls; drop(): Promise<void> };

/** The embedded index, and how often it was called. */
export async function openTestIndex(points: readonly Point[]): Promise<TestIndex> {
  const folder = mkdtempSync(join(tmpdir(), 'semblance-search-'));
  const schema = collectionSchema(DIMENSION, DIMENSION);
  const index = await openEmbeddedIndex({ file: join(folder, 'index.db'), schema });
  await index.bootstrap();
  await index.upsert(points);
  const calls: Calls = { retrieve: 0, query: 0, facet: 0, scroll: 0, sample: 0 };
  const counted = <Method extends keyof Calls>(method: Method): VectorIndex[Method] =>
    ((...args: never[]) => {
      calls[method]++;
      return (index[method] as (...args: never[]) => unknown)(...args);
    }) as VectorIndex[Method];
  return {
    ...index,
    calls,
    retrieve: counted('retrieve'),
    facet: counted('facet'),
    scroll: counted('scroll'),
    query: counted('query'),
    sample: counted('sample'),
    async drop() {
      await index.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** "Embeds" the text `1 0 -2 0`. */
const numbersEncoder = (calls: string[]): TextEncoder => ({
  model: { name: 'numbers', fingerprint: 'f', dimension: DIMENSION, languages: ['en'] },
  async encodeText(text) {
    calls.push(text);
    return { vector: vectorOf(text.split(' ').map(Number)), parts: 1 };
  },
});

/** Ports over such an index; `texts` is what was embedded. */
export function testPorts(index: VectorIndex): SearchPorts & { readonly texts: string[] } {
  const texts: string[] = [];
  const encoder = numbersEncoder(texts);
  return {
    index,
    calibrations: openCalibrations(index, { warn() {} }),
    text: encoder,
    ocrText: encoder,
    images: { embed: async bytes => unit(Float32Array.from(bytes.slice(0, DIMENSION))) },
    models: [{ name: 'polyglot', languages: ['*'] }],
    texts,
  };
}
