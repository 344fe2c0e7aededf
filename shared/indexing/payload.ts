import { z } from 'zod';
import { imageFormatSchema } from '../ids.ts';
import type { CollectionSchema } from '../vectors/vector-index.ts';

/** A line of words in a picture: text, four corners clockwise from top left in px of the upright picture, 0–1. */
export const ocrLineSchema = z.object({
  text: z.string(),
  box: z.array(z.tuple([z.number(), z.number()])).length(4),
  score: z.number(),
});
export type OcrLine = z.infer<typeof ocrLineSchema>;

/**
 * What a point says of its picture. All of it can be made again from the object store: the picture's own
 * facts from its bytes, what people say of it from records/<id>.json.
 */
export const payloadSchema = z.object({
  /** Key in the originals. */
  key: z.string(),
  /** ETag of the original that was indexed, and of the record that was applied (null: none). */
  etag: z.string(),
  record_etag: z.string().nullable().default(null),
  /** Base name of a folder's or bucket's file; null for uploads. */
  name: z.string().nullable().default(null),
  format: imageFormatSchema,
  bytes: z.number().int(),
  sha1: z.string(),
  /** px, upright. */
  width: z.number().int(),
  height: z.number().int(),
  aspect_ratio: z.number(),
  /** RFC 3339, UTC. */
  index_date: z.string(),
  taken_at: z.string().nullable().default(null),
  /** ThumbHash, base64. */
  placeholder: z.string().nullable().default(null),
  /** 64-bit difference hash, 16 hex digits, and its four 16-bit bands as `<band>:<4 hex>`. */
  dhash: z.string(),
  dhash_bands: z.array(z.string()),
  /** Whether thumbnails/<id>.webp and previews/<id>.webp exist. */
  has_thumbnail: z.boolean(),
  has_preview: z.boolean(),
  /** ETags of them as they were made of these bytes. */
  thumbnail_etag: z.string().nullable().default(null),
  preview_etag: z.string().nullable().default(null),

  // what people say
  local: z.boolean(),
  url: z.string().nullable().default(null),
  thumbnail_url: z.string().nullable().default(null),
  starred: z.boolean().default(false),
  categories: z.array(z.string()).nullable().default(null),
  comments: z.string().nullable().default(null),
  /** Words are not to be read. */
  skip_ocr: z.boolean().default(false),

  // words in the picture; absent until OCR has looked, ocr_text '' when it found none
  ocr_text: z.string().nullable().default(null),
  ocr_lines: z.array(ocrLineSchema).default([]),
  /** Lower-case words and single CJK characters, space-separated: the field that exact phrases match. */
  ocr_phrase: z.string().nullable().default(null),
  /** Reason code when OCR was given up. */
  ocr_error: z.string().nullable().default(null),
});
export type ImagePayload = z.infer<typeof payloadSchema>;

/** Whether words are still to be read in a picture: nobody looked, and nobody wished that they are not. */
export const lacksWords = ({ ocr_text, skip_ocr }: ImagePayload): boolean => ocr_text === null && !skip_ocr;

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

/** Where a picture's derived objects lie, in the derived store. */
export const thumbnailKey = (id: string): string => `thumbnails/${id}.webp`;
export const previewKey = (id: string): string => `previews/${id}.webp`;
export const recordKey = (id: string): string => `records/${id}.json`;
export const failureKey = (id: string): string => `failures/${id}.json`;
