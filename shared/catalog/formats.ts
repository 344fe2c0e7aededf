/**
 * The formats of images that are indexed, with their media types and file name extensions. This file imports
 * nothing, so that the page can use it too.
 */
export const IMAGE_FORMATS = ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff', 'heic'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

/** Extensions in lower case and the format that they promise; what counts in the end is the content. */
const FORMAT_OF_EXTENSION: Readonly<Record<string, ImageFormat>> = {
  jpg: 'jpeg',
  jpeg: 'jpeg',
  jfif: 'jpeg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  avif: 'avif',
  tif: 'tiff',
  tiff: 'tiff',
  heic: 'heic',
  heif: 'heic',
};

export const mediaTypeOf = (format: ImageFormat): `image/${ImageFormat}` => `image/${format}`;

/** The format of a media type such as `image/png`, or undefined where it is none that is indexed. */
export function formatOfMediaType(type: string): ImageFormat | undefined {
  const lower = type.toLowerCase();
  if (lower === 'image/heif') return 'heic';
  return IMAGE_FORMATS.find(format => mediaTypeOf(format) === lower);
}

/** The format that a file name promises by its extension, or undefined. */
export function formatOfName(name: string): ImageFormat | undefined {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(FORMAT_OF_EXTENSION, extension) ? FORMAT_OF_EXTENSION[extension] : undefined;
}

/** For `<input type="file" accept>`: systems that know no media type of HEIC need the extensions. */
export const ACCEPTED_FILES = [
  'image/*',
  ...Object.keys(FORMAT_OF_EXTENSION).map(extension => `.${extension}`),
].join(',');
