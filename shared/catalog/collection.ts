import type { CollectionSchema } from '../vectors/vector-index.ts';

/** Names of the vectors of every collection. */
export const VISION = 'vision';
export const OCR = 'ocr';
export const OCR_TERMS = 'ocr_terms';

/**
 * The collection of one model.
 * @param visionDimension components of the model's vectors, as read from it
 * @param ocrDimension components of the text model's vectors
 */
export const collectionSchema = (visionDimension: number, ocrDimension: number): CollectionSchema => ({
  vectors: { [VISION]: visionDimension, [OCR]: ocrDimension },
  sparse: [OCR_TERMS],
  payload: {
    key: 'keyword',
    format: 'keyword',
    sha1: 'keyword',
    width: 'integer',
    height: 'integer',
    aspect_ratio: 'float',
    starred: 'bool',
    local: 'bool',
    categories: 'keyword',
    dhash_bands: 'keyword',
    taken_at: 'datetime',
    index_date: 'datetime',
    ocr_text: 'keyword',
    ocr_phrase: 'phrase',
  },
});
