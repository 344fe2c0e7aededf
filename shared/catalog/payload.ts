import { z } from 'zod';
import { exifSchema } from './exif.ts';
import { imageFormatSchema } from './ids.ts';
import { ocrLineSchema } from './ocr-line.ts';
import { TAKEN_SOURCES } from './taken.ts';
import { WORDS_VERSION } from './words-version.ts';

/** Why the words of an image may be missing, or some of them. */
export const OCR_ERRORS = ['ocr_timeout', 'ocr_failed'] as const;
export type OcrError = (typeof OCR_ERRORS)[number];

/**
 * What a point says of its image. All of it can be made again from the object store: the image's own
 * facts from its bytes, its annotations from records/<id>.json.
 */
export const payloadSchema = z.object({
  /** Key in the originals. */
  key: z.string(),
  /** ETag of the original that was indexed, and of the record that was applied (null: none). */
  etag: z.string(),
  record_etag: z.string().nullable().default(null),
  /** Base name of a folder's or bucket's file, or the name that an upload came with; null where none is known. */
  name: z.string().nullable().default(null),
  format: imageFormatSchema,
  bytes: z.number().int(),
  sha1: z.string(),
  /** px, upright. */
  width: z.number().int(),
  height: z.number().int(),
  aspect_ratio: z.number(),
  /** Only part of it, at least half of its rows, could be read. */
  damaged: z.boolean().default(false),
  /** RFC 3339, UTC. */
  index_date: z.string(),
  /** The clock of the place, with its offset from UTC where known: `2026-03-01T20:30:00+08:00`. */
  taken_at: z.string().nullable().default(null),
  taken_at_source: z.enum(TAKEN_SOURCES),
  /** The clock of the place alone, as `…Z`: what is filtered and ordered by. */
  taken_local: z.string(),
  /** ThumbHash, base64. */
  placeholder: z.string().nullable().default(null),
  /** 64-bit difference hash, 16 hex digits. */
  dhash: z.string(),
  /** Whether thumbnails/<id>.webp and previews/<id>.webp exist. */
  has_thumbnail: z.boolean(),
  has_preview: z.boolean(),
  /** ETags of them as they were made of these bytes. */
  thumbnail_etag: z.string().nullable().default(null),
  preview_etag: z.string().nullable().default(null),

  // The fields to browse by: see browse-fields.ts.
  name_order_1: z.number().int().nullable().default(null),
  name_order_2: z.number().int().nullable().default(null),
  name_order_3: z.number().int().nullable().default(null),
  name_order_4: z.number().int().nullable().default(null),
  /** The words of the name, as ocr_phrase has those of the image. */
  name_phrase: z.string().nullable().default(null),
  taken_month: z.string().nullable().default(null),
  folders: z.array(z.string()).default([]),
  camera: z.string().nullable().default(null),
  lens: z.string().nullable().default(null),
  exif: exifSchema.nullable().default(null),

  // The annotations.
  local: z.boolean(),
  url: z.string().nullable().default(null),
  thumbnail_url: z.string().nullable().default(null),
  starred: z.boolean().default(false),
  categories: z.array(z.string()).nullable().default(null),
  comments: z.string().nullable().default(null),
  /** Words are not to be read. */
  skip_ocr: z.boolean().default(false),

  // The words in the image: absent until OCR was run; ocr_text is '' where it found none.
  ocr_text: z.string().nullable().default(null),
  ocr_lines: z.array(ocrLineSchema).default([]),
  /** Lower-case words and single CJK characters, space-separated: the field that exact phrases match. */
  ocr_phrase: z.string().nullable().default(null),
  /** Its letters one by one: the field that parts of words match. */
  ocr_letters: z.string().nullable().default(null),
  /** WORDS_VERSION of what read and embedded them; null of points that are older than it. */
  words_version: z.string().nullable().default(null),
  /** Reason code when OCR was given up. */
  ocr_error: z.enum(OCR_ERRORS).nullable().default(null).catch(null),
});
export type ImagePayload = z.infer<typeof payloadSchema>;

/**
 * Whether words are still to be read in an image: they never were (missing), or by an earlier version (outdated).
 * Current too where the image was added with skip_ocr.
 */
export function wordsState({
  ocr_text,
  words_version,
  skip_ocr,
}: ImagePayload): 'current' | 'missing' | 'outdated' {
  if (skip_ocr) return 'current';
  if (ocr_text === null) return 'missing';
  return words_version === WORDS_VERSION ? 'current' : 'outdated';
}
