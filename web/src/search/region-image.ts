import { api } from '../api/api.ts';
import { ApiError } from '../api/api-error.ts';
import { absoluteUrl } from '../api/client.ts';
import type { Reference, Region } from '../state/reference.ts';
import { findImage } from './search-image.ts';

/** Code of the error where the address names an image that this tab doesn't have. */
export const LOST_IMAGE = 'lost_image';

/**
 * The image that a reference sends along: a file of this tab, or the region of an image. A region is cut out here,
 * from the preview, which has all the pixels that a search looks at.
 * @throws ApiError lost_image
 */
export async function imageOf(reference: Reference, signal: AbortSignal): Promise<Blob> {
  const { kind, key, region } = reference;
  const whole = kind === 'file' ? await findImage(key) : await previewOf(key, signal);
  if (!whole) throw new ApiError(404, LOST_IMAGE, '');
  return region ? cut(whole, region) : whole;
}

async function previewOf(id: string, signal: AbortSignal): Promise<Blob | null> {
  const image = await api.image(id, signal);
  if (!image) return null;
  const response = await fetch(absoluteUrl(image.preview_url ?? image.url), { signal });
  return response.ok ? response.blob() : null;
}

async function cut(whole: Blob, { x, y, width, height }: Region): Promise<Blob> {
  const bitmap = await createImageBitmap(whole);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * width));
  canvas.height = Math.max(1, Math.round(bitmap.height * height));
  canvas.getContext('2d')?.drawImage(bitmap, -Math.round(bitmap.width * x), -Math.round(bitmap.height * y));
  bitmap.close();
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      blob => (blob ? resolve(blob) : reject(new Error('The browser cuts no image'))),
      'image/webp',
      0.92,
    ),
  );
}
