/**
 * Images that the user searches by. They are made small in the browser (a search needs few pixels, and the
 * original never leaves the machine), named by a key that the address bar can hold, and kept for the tab, so
 * that reload, back and forward find them again.
 */

/** px; models look at 224 to 384, so this loses nothing. */
const LONG_EDGE = 640;
/** Bytes of an image to search by, at most; only one that the browser can't decode (HEIC, TIFF) comes near. */
export const MAX_BYTES = 10_000_000;
const PREFIX = 'semblance.image.';

const kept = new Map<string, Blob>();

/** The image as it is searched by: small, or as it came where the browser can't decode it. */
export const prepareImage = async (file: Blob): Promise<Blob> => (await shrink(file)) ?? file;

/** Keeps an image and returns its key. */
export async function keepImage(image: Blob): Promise<string> {
  const key = crypto.getRandomValues(new Uint32Array(2)).reduce((text, part) => text + part.toString(36), '');
  kept.set(key, image);
  await rememberForTab(key, image);
  return key;
}

/** The image of a key; null where this tab doesn't have it (any more). */
export async function findImage(key: string): Promise<Blob | null> {
  const image = kept.get(key);
  if (image) return image;
  const dataUrl = sessionStorage.getItem(PREFIX + key);
  if (!dataUrl) return null;
  const [head = '', body = ''] = dataUrl.split(',');
  const bytes = Uint8Array.from(atob(body), letter => letter.charCodeAt(0));
  const restored = new Blob([bytes], { type: head.slice('data:'.length).split(';')[0] ?? '' });
  kept.set(key, restored);
  return restored;
}

async function shrink(file: Blob): Promise<Blob | null> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    // The browser doesn't know the format; the server may.
    return null;
  }
  const scale = Math.min(1, LONG_EDGE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise(resolve => canvas.toBlob(resolve, 'image/webp', 0.92));
}

async function rememberForTab(key: string, image: Blob): Promise<void> {
  const reader = new FileReader();
  const dataUrl = await new Promise<string>((resolve, reject) => {
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(image);
  });
  try {
    sessionStorage.setItem(PREFIX + key, dataUrl);
  } catch {
    // The tab's storage is full: make room by forgetting the others, which then live until reload.
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
    }
  }
}
