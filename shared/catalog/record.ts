import { z } from 'zod';
import { imageFormatSchema } from './ids.ts';

/**
 * records/<id>.json: the annotations of an image (star, categories, comments, urls), and for an upload that it is
 * expected. Written, conditionally on its ETag, before the point: the index can be lost, this can't. A folder's
 * image has one only after it was annotated.
 */
export const recordSchema = z.object({
  version: z.literal(1).default(1),
  id: z.string(),
  /** Key in the originals. */
  key: z.string(),
  /** The SHA-1 of the bytes, by which the record of a renamed file is found. */
  sha1: z.string().nullable().default(null),
  format: imageFormatSchema.nullable().default(null),
  /** The file name that an upload came with; null where none is known, and for images of a folder or bucket. */
  name: z.string().nullable().default(null),
  /** RFC 3339, UTC; the record of an upload whose object never came is dropped 24 h later. */
  created: z.string(),
  local: z.boolean().default(true),
  url: z.string().nullable().default(null),
  thumbnail_url: z.string().nullable().default(null),
  /** Whether a thumbnail is made. Images of a folder or bucket always have one. */
  thumbnail: z.enum(['if_necessary', 'always', 'never']).default('always'),
  starred: z.boolean().default(false),
  categories: z.array(z.string()).nullable().default(null),
  comments: z.string().nullable().default(null),
  skip_ocr: z.boolean().default(false),
});
export type ImageRecord = z.infer<typeof recordSchema>;

/** failures/<id>.json: why an image is not indexed; removed when it is. */
export const failureSchema = z.object({
  id: z.string(),
  key: z.string(),
  /** The ETag of the object that failed. An object with another ETag is tried again. */
  etag: z.string(),
  code: z.string(),
  message: z.string(),
  advice: z.string(),
  /** The numbers in the message, by name. */
  parameters: z.record(z.string(), z.number()).default({}),
  /** RFC 3339, UTC, of the first failure. */
  since: z.string(),
  attempts: z.number().int(),
  /** RFC 3339, UTC, of the next automatic retry; null where there is none. */
  retry_at: z.string().nullable().default(null),
  /** It is no image, and its name promises none: remembered, so that it isn't read again, but no failure. */
  passed_over: z.boolean().default(false),
});
export type FailureRecord = z.infer<typeof failureSchema>;
