/** What libheif's errors mean, which have codes (heif_error.h): libvips gives them in the text of its own. */
import type { ImageFormat } from '../catalog/formats.ts';
import type { SemblanceError } from '../errors.ts';
import { corruptImage, noMemory, unsupportedImage } from './rejections.ts';

export type HeifError = { readonly code: number; readonly subcode: number; readonly message: string };

/** heif_error_Unsupported_filetype: of the brands that a file names none is known, though ours are. */
const UNSUPPORTED_BRANDS = 3;
const UNSUPPORTED_FEATURE = 4;
/** heif_error_Memory_allocation_error; with a subcode it is a size or number in the file that is beyond a limit. */
const NO_MEMORY = 6;
/** heif_suberror_code; 3002, a box of an unknown version, is left out: all that the standard has are known. */
const FEATURES: Readonly<Record<number, string>> = {
  3000: 'with another codec',
  3001: 'with another kind of image',
  3003: 'in this colour format',
  3004: 'with this construction of items',
  3005: 'with compressed boxes',
  3006: 'with compressed items',
  3008: 'with this kind of track',
};
const UNKNOWN_PROPERTY = 3007;
/** Properties that an image may need to be shown (ISO/IEC 23008-12, §6.5); other names are damage. */
const PROPERTIES = /'(?:iscl|rref|tols|lsel|oinf)'/;

/** @param damage what is damaged, where it is damage */
export function rejectionOfHeif(
  format: ImageFormat,
  { code, subcode, message }: HeifError,
  damage: string,
  cause?: unknown,
): SemblanceError {
  if (code === NO_MEMORY && subcode === 0) return noMemory(cause);
  const feature =
    code === UNSUPPORTED_BRANDS
      ? 'of this brand'
      : code !== UNSUPPORTED_FEATURE
        ? undefined
        : subcode === UNKNOWN_PROPERTY && PROPERTIES.test(message)
          ? 'with this property of the image'
          : FEATURES[subcode];
  return feature ? unsupportedImage(format, feature, cause) : corruptImage(format, damage, cause);
}
