import { thumbHashToDataURL } from 'thumbhash';

const decoded = new Map<string, string | undefined>();

/**
 * The blurred likeness shown until an image has loaded.
 * @param placeholder ThumbHash, base64
 * @returns a data: URL of a PNG of at most 32 px, undefined where the hash can't be read
 */
export function placeholderUrl(placeholder: string | null | undefined): string | undefined {
  if (!placeholder) return undefined;
  if (!decoded.has(placeholder)) decoded.set(placeholder, decode(placeholder));
  return decoded.get(placeholder);
}

function decode(placeholder: string): string | undefined {
  try {
    const hash = Uint8Array.from(atob(placeholder), letter => letter.charCodeAt(0));
    return hash.length < 5 ? undefined : thumbHashToDataURL(hash);
  } catch {
    // Only a decoration: the tile then shows a plain ground.
    return undefined;
  }
}
