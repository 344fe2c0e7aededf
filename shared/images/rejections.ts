/**
 * Why an image of a known format is rejected. The first bytes say what a file is, so whatever its decoder then rejects
 * is damage, unless the file itself names a feature of its format that can't be read here.
 */
import type { ImageFormat } from '../catalog/formats.ts';
import { SemblanceError } from '../errors.ts';

const NAMES: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  gif: 'GIF',
  avif: 'AVIF',
  tiff: 'TIFF',
  heic: 'HEIC',
  bmp: 'BMP',
  jp2: 'JPEG 2000',
  raw: 'Camera raw',
};

/** @param what a clause, such as `its header is damaged` */
export const corruptImage = (format: ImageFormat, what: string, cause?: unknown): SemblanceError =>
  new SemblanceError('image_corrupt', `${NAMES[format]}: ${what}.`, { cause });

/** @param feature such as `with 12 bits a sample` */
export const unsupportedImage = (format: ImageFormat, feature: string, cause?: unknown): SemblanceError =>
  new SemblanceError('image_unsupported', `${NAMES[format]} ${feature} is not supported.`, { cause });

export const noMemory = (cause?: unknown): SemblanceError =>
  new SemblanceError('image_unreadable', 'Its decoder found no memory.', { cause });

/** What is damaged, where a decoder says no more than that. */
export const HEADER = 'its header is damaged';
export const PIXELS = 'its pixels are damaged';
