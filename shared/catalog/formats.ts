/**
 * The formats of images that are indexed, with their media types and file name extensions. This file imports
 * nothing, so that the page can use it too.
 */
export const IMAGE_FORMATS = [
  'jpeg',
  'png',
  'webp',
  'gif',
  'avif',
  'tiff',
  'heic',
  'bmp',
  'jp2',
  'raw',
] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

/** Whether browsers show an original of this format; else its preview is shown. */
export const browsersShow = (format: ImageFormat): boolean =>
  !['tiff', 'heic', 'jp2', 'raw'].includes(format);

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
  hif: 'heic',
  bmp: 'bmp',
  dib: 'bmp',
  jp2: 'jp2',
  j2k: 'jp2',
  j2c: 'jp2',
  jpf: 'jp2',
  jpx: 'jp2',
  // These are camera raw, by maker: Adobe, Canon, Nikon, Sony, Fujifilm, Olympus, Panasonic, Pentax, Samsung and others
  dng: 'raw',
  cr2: 'raw',
  cr3: 'raw',
  crw: 'raw',
  nef: 'raw',
  nrw: 'raw',
  arw: 'raw',
  sr2: 'raw',
  srf: 'raw',
  raf: 'raw',
  orf: 'raw',
  rw2: 'raw',
  pef: 'raw',
  srw: 'raw',
  '3fr': 'raw',
  fff: 'raw',
  iiq: 'raw',
  mrw: 'raw',
  x3f: 'raw',
  erf: 'raw',
  kdc: 'raw',
  dcr: 'raw',
  mef: 'raw',
  mos: 'raw',
  rwl: 'raw',
};

export const mediaTypeOf = (format: ImageFormat): `image/${ImageFormat}` => `image/${format}`;

/** The format of a media type such as `image/png`, or undefined where it is none that is indexed. */
export function formatOfMediaType(type: string): ImageFormat | undefined {
  const lower = type.toLowerCase();
  if (lower === 'image/heif') return 'heic';
  if (/^image\/(?:x-ms-bmp|x-bmp|x-windows-bmp)$/.test(lower)) return 'bmp';
  if (/^image\/(?:jpx|jpeg2000|x-jp2)$/.test(lower)) return 'jp2';
  if (
    /^image\/x-(?:adobe-dng|dcraw|(?:canon|nikon|sony|fuji|olympus|panasonic|pentax|samsung)-\w+)$/.test(
      lower,
    )
  )
    return 'raw';
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
