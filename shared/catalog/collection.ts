import type { CollectionSchema } from '../vectors/vector-index.ts';

/** By what images are compared, as the API names it: what they show, or the words in them. */
export const VISION = 'vision';
export const OCR = 'ocr';
export type Basis = typeof VISION | typeof OCR;

/**
 * The vector of each basis. That of the words is named after the encoder that made it: another encoder begins
 * another vector beside those of the images that it has not come to yet.
 */
export const VECTOR_OF = { [VISION]: 'vision', [OCR]: 'words_semblance_v1' } as const satisfies Record<
  Basis,
  string
>;
export const OCR_TERMS = 'ocr_terms';

/**
 * The collection of one model.
 * @param visionDimension components of the model's vectors, as read from it
 * @param ocrDimension components of the text model's vectors
 */
export const collectionSchema = (visionDimension: number, ocrDimension: number): CollectionSchema => ({
  vectors: { [VECTOR_OF.vision]: visionDimension, [VECTOR_OF.ocr]: ocrDimension },
  sparse: [OCR_TERMS],
  hashes: ['dhash'],
  // Only what filters and facets name: every payload index costs memory, and time at each write.
  payload: {
    format: 'keyword',
    sha1: 'unique',
    width: 'integer',
    height: 'integer',
    aspect_ratio: 'float',
    starred: 'bool',
    categories: 'keyword',
    taken_local: 'datetime',
    index_date: 'datetime',
    bytes: 'integer',
    name_order_1: 'integer',
    name_order_2: 'integer',
    name_order_3: 'integer',
    name_order_4: 'integer',
    name_phrase: 'phrase',
    taken_month: 'keyword',
    folders: 'keyword',
    camera: 'keyword',
    lens: 'keyword',
    ocr_phrase: 'phrase',
    ocr_letters: 'letters',
    words_version: 'keyword',
    skip_ocr: 'bool',
  },
});
