import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GALLERY } from '../../functions/local/compose.ts';

/** An image of the demo gallery, by a part of its name; fails the test where there is none. */
export async function galleryImage(part: string): Promise<string> {
  const names = await readdir(GALLERY, { recursive: true });
  const name = names.find(path => path.endsWith('.webp') && path.includes(part));
  if (!name) throw new Error(`The gallery has no image ${part}`);
  return join(GALLERY, name);
}
