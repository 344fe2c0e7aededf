import type { PixelSpec } from '../models/encoder.ts';
import { type ResizePlan, type RgbImage, resizeRgb } from './resize.ts';

/**
 * Where a vision tower looks: the size that the upright image is brought to, and the square cut from it.
 * CLIP's crop as CLIPImageProcessor does it: the long edge and the offsets are floored.
 * @param width px, of the whole upright image, also where the pixels at hand are a smaller version of it
 */
export function planResize(width: number, height: number, spec: PixelSpec): ResizePlan {
  const { edge } = spec;
  const square = { cropWidth: edge, cropHeight: edge };
  if (spec.fit === 'fill') return { width: edge, height: edge, left: 0, top: 0, ...square };
  const short = Math.min(width, height);
  const w = width === short ? edge : Math.floor((edge * width) / short);
  const h = height === short ? edge : Math.floor((edge * height) / short);
  return { width: w, height: h, left: (w - edge) >> 1, top: (h - edge) >> 1, ...square };
}

/**
 * The square that `ImageEncoder.encodePixels` takes.
 * @param image the image, whole, or reduced by the decoder
 * @param size of the whole upright image, px
 * @returns RGB interleaved, Uint8Array[edge × edge × 3]
 */
export const preparePixels = (
  image: RgbImage,
  size: { readonly width: number; readonly height: number },
  spec: PixelSpec,
): Uint8Array => resizeRgb(image, planResize(size.width, size.height, spec), spec.resample);
