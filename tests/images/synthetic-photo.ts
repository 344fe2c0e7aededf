import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';

const PHOTO = new URL('../golden/preprocess/photo.jpg', import.meta.url);

/**
 * An image of any size with as much detail as a photograph: the golden scene at its own scale, mirrored
 * until it fills the frame.
 * @param width px, at least 1600; height at least 1067
 */
export async function syntheticPhoto(width: number, height: number): Promise<Sharp> {
  const right = width - 1600;
  const bottom = height - 1067;
  const pixels = sharp(await readFile(PHOTO)).extend({ right, bottom, extendWith: 'mirror' });
  return sharp(await pixels.raw().toBuffer(), { raw: { width, height, channels: 3 } });
}
