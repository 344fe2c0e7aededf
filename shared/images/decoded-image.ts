import type { ImageFormat } from '../catalog/formats.ts';
import type { RgbImage } from './resize.ts';

export type DecodedImage = {
  readonly format: ImageFormat;
  /** px, upright, of the whole image; of a camera raw, of the preview that it holds. */
  readonly width: number;
  readonly height: number;
  /** The same image, whole or reduced: upright, over white, no ICC profile applied. */
  readonly rgb: RgbImage;
  /** Uint8Array[pixels of rgb], 255 = opaque: what was laid over white; null where every pixel is opaque. */
  readonly alpha: Uint8Array | null;
  /** What the levels mean, where that is not sRGB. */
  readonly profile: Uint8Array | null;
  /** The file is damaged: of its pixels, at least half of the rows are there. */
  readonly damaged: boolean;
};
