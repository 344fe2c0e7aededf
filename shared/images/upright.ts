type Image = { readonly data: Uint8Array; readonly width: number; readonly height: number };

/** Whether a stored image of this orientation stands upright only after a quarter turn. */
export const isQuarterTurned = (orientation: number): boolean => orientation >= 5 && orientation <= 8;

/**
 * Turns a stored image as its EXIF orientation says (TIFF 6.0, tag 0x0112: where the stored row 0 and
 * column 0 are). Done here rather than by sharp, because there a tag switches shrink-on-load off.
 * @param orientation 1–8; anything else counts as 1
 * @param channels bytes of each pixel
 */
export function upright(image: Image, orientation: number, channels: number): Image {
  if (!(orientation >= 2 && orientation <= 8)) return image;
  const { data, width: w, height: h } = image;
  const turned = isQuarterTurned(orientation);
  const fromRight = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const fromBottom = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  const width = turned ? h : w;
  const height = turned ? w : h;
  // Bytes in the stored image from one output pixel to the next, and from one output row to the next.
  const alongX = (fromRight ? -1 : 1) * channels;
  const alongY = (fromBottom ? -1 : 1) * w * channels;
  const [step, stride] = turned ? [alongY, alongX] : [alongX, alongY];
  let row = ((fromRight ? w - 1 : 0) + (fromBottom ? h - 1 : 0) * w) * channels;
  const out = new Uint8Array(data.length);
  for (let y = 0, o = 0; y < height; y++, row += stride) {
    for (let x = 0, p = row; x < width; x++, p += step, o += channels) {
      for (let c = 0; c < channels; c++) out[o + c] = data[p + c]!;
    }
  }
  return { data: out, width, height };
}
