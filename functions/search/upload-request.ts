import { z } from 'zod';
import {
  formatOfMediaType,
  formatOfName,
  IMAGE_FORMATS,
  type ImageFormat,
  mediaTypeOf,
} from '../../shared/catalog/formats.ts';
import { hasCode, SemblanceError } from '../../shared/errors.ts';
import { sniffFormat } from '../../shared/images/sniff.ts';
import type { Upload } from '../../shared/indexing/library.ts';
import { commaList, text, truth } from './fields.ts';

/** What an upload says beside its bytes: its annotations, and how it is kept. */
export const uploadFields = {
  local: truth().prefault(false).describe('Keep the file here; else url says where it is.'),
  url: text().nullish(),
  thumbnail_url: text().nullish(),
  local_thumbnail: z
    .enum(['if_necessary', 'always', 'never'])
    .nullish()
    .describe('Default if_necessary (above 512,000 bytes) when local, else never.'),
  categories: commaList().nullish(),
  starred: truth().prefault(false),
  skip_ocr: truth().prefault(false),
  comments: text().nullish(),
};

type UploadFields = z.output<z.ZodObject<typeof uploadFields>>;

/**
 * The record of an upload.
 * @throws invalid_request where an image kept elsewhere has no URL, or one that browsers would run
 */
export function uploadRecord(fields: UploadFields): Upload['record'] {
  const { local, url, thumbnail_url: thumbnailUrl, starred, categories, comments } = fields;
  if (!local && !url)
    throw new SemblanceError(
      'invalid_request',
      'url is required when the image is not stored here (local=false)',
    );
  if (!local) for (const address of [url, thumbnailUrl]) assertWebAddress(address);
  return {
    local,
    url: local ? null : (url ?? null),
    thumbnail_url: local ? null : thumbnailUrl || null,
    thumbnail: fields.local_thumbnail ?? (local ? 'if_necessary' : 'never'),
    starred,
    categories: categories?.length ? categories : null,
    comments: comments ?? null,
    skip_ocr: fields.skip_ocr,
  };
}

/** @throws invalid_request for a scheme that a page must not follow, such as javascript: */
export function assertWebAddress(address: string | null | undefined): void {
  if (!address || !URL.canParse(address) || /^https?:$/.test(new URL(address).protocol)) return;
  throw new SemblanceError('invalid_request', 'A url must begin with https:// or http://');
}

const SVG = /^\s*(?:<\?xml|<!doctype\s+svg|<!--|<svg)/i;

/**
 * The format of an upload by its content. What isn't recognised is no image (422) where its declared type or its name
 * is one of ours, else of a wrong type (415); an SVG always is.
 * @throws image_empty, not_an_image, image_unsupported
 */
export function formatOf(file: { head: Uint8Array; type: string; filename: string }): ImageFormat {
  try {
    return sniffFormat(file.head);
  } catch (error) {
    const declared = formatOfMediaType(file.type) !== undefined || formatOfName(file.filename) !== undefined;
    const isSvg = SVG.test(Buffer.from(file.head).toString('latin1')) || /svg/i.test(file.type);
    if (!hasCode(error, 'not_an_image') || (declared && !isSvg)) throw error;
    throw new SemblanceError('image_unsupported', error.message, { cause: error });
  }
}

/** What a client may announce, by media type. */
export const announcedType = z.enum(IMAGE_FORMATS.map(mediaTypeOf));

/** The format of a media type that `announcedType` let pass. */
export function formatOfType(type: z.infer<typeof announcedType>): ImageFormat {
  const format = formatOfMediaType(type);
  if (format === undefined) throw new SemblanceError('invalid_request', `${type} is no image type`);
  return format;
}
