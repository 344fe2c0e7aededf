import type { Region } from '../catalog/image-description.ts';
import type { RgbImage } from './resize.ts';

/** A part of an image, at least one pixel of it. */
export function cropRgb({ data, width, height }: RgbImage, region: Region): RgbImage {
  const left = Math.min(width - 1, Math.floor(region.x * width));
  const top = Math.min(height - 1, Math.floor(region.y * height));
  const right = Math.min(width, Math.max(left + 1, Math.round((region.x + region.width) * width)));
  const bottom = Math.min(height, Math.max(top + 1, Math.round((region.y + region.height) * height)));
  const part = { width: right - left, height: bottom - top };
  const pixels = new Uint8Array(part.width * part.height * 3);
  for (let row = 0; row < part.height; row++) {
    const start = ((top + row) * width + left) * 3;
    pixels.set(data.subarray(start, start + part.width * 3), row * part.width * 3);
  }
  return { data: pixels, ...part };
}
