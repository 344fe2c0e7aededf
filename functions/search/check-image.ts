import { readFile } from 'node:fs/promises';
import type { ReceivedFile } from './received-file.ts';

/**
 * Decodes an upload once, small, so that a damaged one is rejected while its sender still listens.
 * @throws image_corrupt, image_too_many_pixels, image_timeout
 */
export async function checkImage(file: Pick<ReceivedFile, 'path'>, maxPixels: number): Promise<void> {
  // libvips loads when an image comes: a function that starts for a search doesn't wait for it
  const { decodeImage } = await import('../../shared/images/decode.ts');
  await decodeImage(await readFile(file.path), { maxPixels, short: 64, long: 64, pixels: 4_096 });
}
