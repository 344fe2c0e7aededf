const BY_EXTENSION = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jfif: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  heic: 'image/heic',
  heif: 'image/heic',
} as const;

export type PictureType = (typeof BY_EXTENSION)[keyof typeof BY_EXTENSION];

const isExtension = (text: string): text is keyof typeof BY_EXTENSION => Object.hasOwn(BY_EXTENSION, text);

/** The media type of a picture that can be indexed: the browser's, or where it knows none (HEIC) by the name. */
export function typeOf(file: { readonly name: string; readonly type: string }): PictureType | null {
  const known = Object.values(BY_EXTENSION).find(type => type === file.type);
  const extension = file.name.split('.').at(-1)?.toLowerCase() ?? '';
  return known ?? (isExtension(extension) ? BY_EXTENSION[extension] : null);
}
