import { createHash } from 'node:crypto';
import type { ImagePayload } from '../catalog/payload.ts';
import type { ObjectStore } from '../objects/object-store.ts';

const FOLDER = 'renditions/';

/** Days that a rendition is kept; the derived bucket's lifecycle rule has the same. */
export const RENDITION_DAYS = 30;

/**
 * Where the rendition of an image lies: a WebP in full resolution of what browsers don't show (HEIC, TIFF, JPEG 2000,
 * camera raw). Its name has the state of the file, so it is never that of older bytes.
 */
export const renditionKey = (id: string, { etag }: Pick<ImagePayload, 'etag'>): string =>
  `${FOLDER}${id}/${createHash('sha256').update(etag).digest('hex').slice(0, 16)}.webp`;

/** An image, and what state its file is in. */
type Rendered = { readonly id: string; readonly payload: Pick<ImagePayload, 'etag'> };

type RenditionDeps<Image extends Rendered> = {
  readonly derived: ObjectStore;
  /** @throws what reading and decoding the original throws */
  readonly render: (image: Image) => Promise<Uint8Array>;
};

/** Renditions, made at their first request. */
export function openRenditions<Image extends Rendered>({ derived, render }: RenditionDeps<Image>) {
  const making = new Map<string, Promise<void>>();

  async function make(image: Image, key: string): Promise<void> {
    if (await derived.head(key)) return;
    await derived.put(key, await render(image), { contentType: 'image/webp' });
    for await (const other of derived.list(`${FOLDER}${image.id}/`))
      if (other.key !== key) await derived.delete(other.key);
  }

  return {
    /** Sees to it that the rendition is there; those who ask at once wait for the same. */
    async ensure(image: Image): Promise<void> {
      const key = renditionKey(image.id, image.payload);
      const made = making.get(key) ?? make(image, key).finally(() => making.delete(key));
      making.set(key, made);
      await made;
    },
  };
}

/** Deletes renditions that were made before so many days: each can be made again. How many. */
export async function forgetRenditions(derived: ObjectStore, now: Date = new Date()): Promise<number> {
  const before = now.getTime() - RENDITION_DAYS * 86_400_000;
  const old: string[] = [];
  for await (const { key, modified } of derived.list(FOLDER)) if (modified.getTime() < before) old.push(key);
  for (const key of old) await derived.delete(key);
  return old.length;
}
