import { rgbaToThumbHash } from 'thumbhash';
import { type RgbImage, resizeRgb } from './resize.ts';

const shrink = (image: RgbImage, width: number, height: number): RgbImage => {
  const plan = { width, height, left: 0, top: 0, cropWidth: width, cropHeight: height };
  return { data: resizeRgb(image, plan, 'bicubic'), width, height };
};

/**
 * 64-bit difference hash: whether each of 8 × 8 grey cells is brighter than its right neighbour
 * (N. Krawetz, "Kind of Like That", 2013). Near-duplicates differ in a few bits.
 * @returns 16 hex digits, first row first
 */
export function differenceHash(image: RgbImage): string {
  const { data } = shrink(image, 9, 8);
  const grey = (x: number, y: number): number => {
    const p = (y * 9 + x) * 3;
    return data[p]! * 299 + data[p + 1]! * 587 + data[p + 2]! * 114;
  };
  let hex = '';
  for (let y = 0; y < 8; y++) {
    let row = 0;
    for (let x = 0; x < 8; x++) row = (row << 1) | (grey(x, y) > grey(x + 1, y) ? 1 : 0);
    hex += row.toString(16).padStart(2, '0');
  }
  return hex;
}

/** px: ThumbHash keeps 7 × 7 cosine terms, which needs no more; its time goes by the area. */
const PLACEHOLDER_EDGE = 32;

/** ThumbHash of an image (evanw.github.io/thumbhash), some 25 bytes, base64: what is shown while it loads. */
export function placeholderOf(image: RgbImage): string {
  const scale = Math.min(1, PLACEHOLDER_EDGE / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const { data } = shrink(image, width, height);
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) rgba.set(data.subarray(i * 3, i * 3 + 3), i * 4);
  return Buffer.from(rgbaToThumbHash(width, height, rgba)).toString('base64');
}
