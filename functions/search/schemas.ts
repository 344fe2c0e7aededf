import { z } from 'zod';
import { exifSchema } from '../../shared/catalog/exif.ts';
import { imageFormatSchema } from '../../shared/catalog/ids.ts';
import { OCR_ERRORS } from '../../shared/catalog/payload.ts';
import { TAKEN_SOURCES } from '../../shared/catalog/taken.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { ORDERS } from '../../shared/search/browse.ts';
import type { SearchFilters } from '../../shared/search/filters.ts';
import { commaList, decimal, imageId, integer, moment, text, truth } from './fields.ts';

/** What may be wrong with an image that is sent; an upload is rejected for what indexing it would be. */
export const IMAGE_ERRORS = [
  'image_empty',
  'not_an_image',
  'image_unsupported',
  'image_corrupt',
  'image_too_many_bytes',
  'image_too_many_pixels',
  'image_timeout',
  'image_unreadable',
  'machine_busy',
] as const satisfies readonly ErrorCode[];

/** An Image as existing clients know it, and what ours adds (from taken_at on). */
export const imageSchema = z
  .object({
    id: z.uuid(),
    url: z.string(),
    thumbnail_url: z.string().nullable(),
    ocr_text: z.string().nullable(),
    ocr_error: z
      .enum(OCR_ERRORS)
      .nullable()
      .describe(
        'Why words may be missing: reading them took too long, failed, or is to be tried again; else null.',
      ),
    index_date: z.string(),
    width: z.number(),
    height: z.number(),
    aspect_ratio: z.number(),
    starred: z.boolean(),
    categories: z.array(z.string()).nullable(),
    local: z.boolean(),
    local_thumbnail: z.boolean(),
    format: imageFormatSchema,
    comments: z.string().nullable(),
    taken_at: z
      .string()
      .nullable()
      .describe(
        'The clock of the place where it was taken, with its offset from UTC where that is known: `2026-03-01T20:30:00+08:00`.',
      ),
    taken_at_source: z
      .enum(TAKEN_SOURCES)
      .describe(
        'Its source: EXIF, XMP or IPTC in the file, a date in its name, or the time of the file itself (UTC).',
      ),
    preview_url: z.string().nullable().describe('WebP, long edge at most 768 px.'),
    placeholder: z.string().nullable().describe('ThumbHash, base64.'),
    sha1: z.string(),
    bytes: z.number(),
    damaged: z
      .boolean()
      .describe('The file is damaged: only part of it, at least half of its rows, could be read.'),
    name: z.string().nullable().describe('Name of the file; null for an upload that came without.'),
    path: z.string().nullable().describe('Where the file lies in its folder or bucket; null for uploads.'),
    version: z.string().describe('Version of its annotations; a change may require it.'),
    exif: exifSchema.nullable().describe('What the camera wrote; s, mm, degrees and m.'),
  })
  .meta({ id: 'Image' });
export type Image = z.infer<typeof imageSchema>;

export const hitSchema = z.object({ img: imageSchema, score: z.number() });

export const searchResponseSchema = z
  .object({
    message: z.string(),
    query_id: z.uuid(),
    result: z.array(hitSchema).describe('Best first; [] when nothing is found.'),
    notice: z.string().nullable().optional().describe('What the person should know of this response.'),
  })
  .meta({ id: 'SearchResponse' });

export const messageSchema = z.object({ message: z.string() });

/** Whose default is left to the route: the search routes 10, the list of images 15. */
export const countField = (fallback: number) => integer({ ge: 1, le: 100 }).prefault(fallback);

/** P of the search routes. */
export const pagingFields = { count: countField(10), skip: integer({ ge: 0 }).prefault(0) };

/** F. */
export const filterFields = {
  preferred_ratio: decimal({ gt: 0 }).optional().describe('Width by height.'),
  ratio_tolerance: decimal({ gt: 0, lt: 1 }).optional().describe('Default 0.1; alone it does nothing.'),
  min_width: integer().optional().describe('px; 0 or less is no filter.'),
  min_height: integer().optional().describe('px; 0 or less is no filter.'),
  starred: truth().optional(),
  categories: commaList().optional().describe('Any of them, separated by commas.'),
  categories_negative: commaList().optional().describe('None of them, separated by commas.'),
};

/** What ours can be narrowed by beside. */
export const ownFilterFields = {
  formats: commaList().pipe(z.array(imageFormatSchema).optional()).optional(),
  date_from: moment()
    .optional()
    .describe('Taken then or later, by the clock of the place; an offset says nothing.'),
  name: text({ min: 1, max: 255 })
    .optional()
    .describe("Words of the file's name, whole and in sequence: `img 2024`."),
  folders: commaList().optional().describe('In any of these folders or below; `2024/trip`.'),
  cameras: commaList().optional().describe('Any of them, as EXIF names them.'),
  lenses: commaList().optional().describe('Any of them, as EXIF names them.'),
  date_to: moment()
    .optional()
    .describe('Taken then or earlier, by the clock of the place; of a date alone the whole day.'),
};

export const filtersOf = (query: SearchFilters): SearchFilters => query;

/** An order of images, and where in it to go on. */
export const orderFields = {
  order_by: z.enum(ORDERS),
  order: z
    .enum(['asc', 'desc'])
    .optional()
    .describe('Default: newest and largest first, names and ids ascending.'),
  cursor: text({ min: 1, max: 4_096 }).optional().describe('next_cursor of the page before.'),
};

/** B. */
export const basisField = z.enum(['vision', 'ocr']).default('vision');

/** Code points of a prompt. */
const MAX_PROMPT = 512;

export const idParams = z.object({ image_id: imageId() });
export const promptField = text({ min: 1, max: MAX_PROMPT });
