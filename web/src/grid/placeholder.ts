import { thumbHashToDataURL } from 'thumbhash';
import type { ImageFormat } from '../../../shared/catalog/formats.ts';

/** Decoded ones, up to a number: a long scroll passes many, and each is a kilobyte. */
const decoded = new Map<string, string | undefined>();
const MOST = 400;

/**
 * The blurred placeholder that is shown until an image has loaded.
 * @param placeholder ThumbHash, base64
 * @returns a data: URL of a PNG of at most 32 px, undefined where the hash can't be read
 */
export function placeholderUrl(placeholder: string | null | undefined): string | undefined {
  if (!placeholder) return undefined;
  if (!decoded.has(placeholder)) decoded.set(placeholder, decode(placeholder));
  const [oldest] = decoded.keys();
  if (decoded.size > MOST && oldest !== undefined) decoded.delete(oldest);
  return decoded.get(placeholder);
}

/** Whether images of this format may have transparent parts, so that they need a ground that shows them. */
export const mayBeTransparent = (format: ImageFormat): boolean => format !== 'jpeg';

function decode(placeholder: string): string | undefined {
  try {
    const hash = Uint8Array.from(atob(placeholder), letter => letter.charCodeAt(0));
    return hash.length < 5 ? undefined : thumbHashToDataURL(hash);
  } catch {
    // Only a decoration: the tile then shows a plain ground.
    return undefined;
  }
}
