import type { RgbImage } from './resize.ts';

/** Whether a stored image of this orientation stands upright only after a quarter turn. */
export const isQuarterTurned = (orientation: number): boolean => orientation >= 5 && orientation <= 8;

/**
 * Turns a stored image as its EXIF orientation says (TIFF 6.0, tag 0x0112: where the stored row 0 and
 * column 0 are). Done here rather than by sharp, because there a tag switches shrink-on-load off.
 * @param orientation 1–8; anything else counts as 1
 */
export function upright(image: RgbImage, orientation: number): RgbImage {
  if (!(orientation >= 2 && orientation <= 8)) return image;
  const { data, width: w, height: h } = image;
  const turned = isQuarterTurned(orientation);
  const fromRight = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const fromBottom = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  const width = turned ? h : w;
  const height = turned ? w : h;
  // bytes from one output pixel to the next, and from one output row to the next, in the stored image
  const alongX = (fromRight ? -1 : 1) * 3;
  const alongY = (fromBottom ? -1 : 1) * w * 3;
  const [step, stride] = turned ? [alongY, alongX] : [alongX, alongY];
  let row = ((fromRight ? w - 1 : 0) + (fromBottom ? h - 1 : 0) * w) * 3;
  const out = new Uint8Array(data.length);
  for (let y = 0, o = 0; y < height; y++, row += stride) {
    for (let x = 0, p = row; x < width; x++, p += step, o += 3) {
      out[o] = data[p]!;
      out[o + 1] = data[p + 1]!;
      out[o + 2] = data[p + 2]!;
    }
  }
  return { data: out, width, height };
}
