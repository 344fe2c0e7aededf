import { createHash } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import { z } from 'zod';
import { IMAGE_FORMATS, type ImageFormat } from './formats.ts';

/** Namespace of upload ids: UUIDv5 of the DNS namespace and `github.com/hv0905/NekoImageGallery`. */
const UPLOAD_NAMESPACE = '4f201753-32b8-5108-aa76-d2e8c65310f4';

/** Lower-case hex SHA-1 of a file as it was sent. */
export const sha1Hex = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');

/** The id of an upload: a function of its bytes alone, so the same bytes always get the same id. */
export const uploadId = (sha1: string): string => uuidv5(sha1.toLowerCase(), UPLOAD_NAMESPACE);

/**
 * The id of any object that is not an upload: UUIDv5 of its key exactly as the store has it, so that names in
 * different Unicode normal forms are different images.
 * @param namespace UUID of the stage, or the data folder's random one, so that ids can't be guessed
 */
export const keyId = (key: string, namespace: string): string => uuidv5(key, namespace);

/** A UUID in any case, with or without hyphens, as its canonical lower-case form. */
export const imageIdSchema = z
  .string()
  .transform(text => text.toLowerCase().replaceAll('-', ''))
  .refine(text => /^[0-9a-f]{32}$/.test(text), 'Input should be a valid UUID')
  .transform(hex => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));

/** Formats that are indexed; an upload's key ends with one of them, and a JPEG is always `jpeg`. */
export const imageFormatSchema = z.enum(IMAGE_FORMATS);

/** The key of an upload's bytes: below `uploads/` when the server serves them, below `remote/` when another server does. */
export const uploadKey = (id: string, format: ImageFormat, local: boolean): string =>
  `${local ? 'uploads' : 'remote'}/${id}.${format}`;

const OWN_KEY = /^(uploads|remote|_deleted)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z]+)$/;

/** Reads a key that the product itself wrote; null for any other object. */
export function parseOwnKey(
  key: string,
): { area: 'uploads' | 'remote' | '_deleted'; id: string; format: ImageFormat } | null {
  const match = OWN_KEY.exec(key);
  if (!match) return null;
  const format = imageFormatSchema.safeParse(match[3]);
  const area = z.enum(['uploads', 'remote', '_deleted']).safeParse(match[1]);
  const id = match[2];
  return format.success && area.success && id ? { area: area.data, id, format: format.data } : null;
}

/** Key of the original of a deleted upload until the trash is emptied. */
export const trashKey = (id: string, format: ImageFormat): string => `_deleted/${id}.${format}`;

/** The id of the image that a key holds, however the object came to be there. */
export const idOfKey = (key: string, namespace: string): string =>
  parseOwnKey(key)?.id ?? keyId(key, namespace);
