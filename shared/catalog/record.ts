import { z } from 'zod';
import { imageFormatSchema } from './ids.ts';

/**
 * records/<id>.json: what people say of an image, and for an upload that it is expected. Written, conditionally
 * on its ETag, before the point: the index can be lost, this can't. A folder's image has one only once
 * somebody said something of it.
 */
export const recordSchema = z.object({
  version: z.literal(1).default(1),
  id: z.string(),
  /** Key in the originals. */
  key: z.string(),
  /** Of the bytes; by it a renamed file finds its record again. */
  sha1: z.string().nullable().default(null),
  format: imageFormatSchema.nullable().default(null),
  /** RFC 3339, UTC; a record without an object is dropped 24 h later. */
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
  /** Of the object that failed; another ETag is tried again. */
  etag: z.string(),
  code: z.string(),
  message: z.string(),
  advice: z.string(),
  /** RFC 3339, UTC, of the first failure. */
  since: z.string(),
  attempts: z.number().int(),
});
export type FailureRecord = z.infer<typeof failureSchema>;
