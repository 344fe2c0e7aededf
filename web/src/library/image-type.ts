import { formatOfMediaType, formatOfName, mediaTypeOf } from '../../../shared/catalog/formats.ts';

export type ImageType = ReturnType<typeof mediaTypeOf>;

/** The media type of an image that can be indexed: the browser's, or where it knows none (HEIC) by the name. */
export function typeOf(file: { readonly name: string; readonly type: string }): ImageType | null {
  const format = formatOfMediaType(file.type) ?? formatOfName(file.name);
  return format === undefined ? null : mediaTypeOf(format);
}
