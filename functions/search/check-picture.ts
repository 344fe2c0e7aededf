import { readFile } from 'node:fs/promises';
import type { ReceivedFile } from './received-file.ts';

/**
 * Decodes an upload once, small, so that a damaged one is refused while its sender still listens.
 * @throws image_corrupt, image_too_many_pixels, image_timeout
 */
export async function checkPicture(file: Pick<ReceivedFile, 'path'>, maxPixels: number): Promise<void> {
  // libvips loads when a picture comes: a function that starts for a search doesn't wait for it
  const { decodePicture } = await import('../../shared/images/decode.ts');
  await decodePicture(await readFile(file.path), { maxPixels, short: 64, long: 64, pixels: 4_096 });
}
