import { sha1Hex } from '../catalog/ids.ts';
import type { ImageReader } from '../catalog/image-description.ts';
import { hasCode, SemblanceError } from '../errors.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { readOldFile } from './old-file.ts';
import type { OldGallery } from './old-gallery.ts';

/** Images that are embedded here to compare with what the old server made of them. */
const SAMPLE = 5;
/**
 * Least cosine of an image's two vectors. Rounding weights to q8 turns a vector a little; what unrelated models
 * make of an image has nothing in common, whatever their length. The median is compared, since the old server did
 * not turn photographs upright before it embedded them.
 */
const SAME_MODEL = 0.9;

/**
 * Makes sure that the old server's vectors are of the model that runs here, by embedding a few of its images:
 * its collection doesn't name the model.
 * @throws invalid_arguments where they are not
 */
export async function assertSameModel(
  { gallery, storage, maxBytes }: { gallery: OldGallery; storage: ObjectStore; maxBytes: number },
  reader: Pick<ImageReader, 'embed'>,
  model: { readonly name: string; readonly dimension: number },
): Promise<void> {
  const cosines: number[] = [];
  for await (const { images } of gallery.pages()) {
    for (const image of images) {
      const vector = image.local ? await gallery.vectorOf(image.id) : null;
      if (!vector) continue;
      if (vector.length !== model.dimension)
        throw rejection(`have ${vector.length} components, those of ${model.name} ${model.dimension}`);
      const embedded = await readOldFile(storage, image, maxBytes)
        .then(({ bytes }) => reader.embed(bytes))
        .catch((error: unknown) => {
          // The import reports a missing or damaged file.
          if (error instanceof SemblanceError && !hasCode(error, 'folder_missing')) return null;
          throw error;
        });
      if (embedded) cosines.push(cosine(embedded, vector));
      if (cosines.length === SAMPLE) break;
    }
    if (cosines.length === SAMPLE) break;
  }
  const median = cosines.toSorted((a, b) => a - b)[Math.floor(cosines.length / 2)];
  if (median === undefined)
    throw rejection(`can't be compared with those of ${model.name}: no file could be read`);
  if (!(median >= SAME_MODEL))
    throw rejection(
      `are not those of ${model.name} (cosine ${median.toFixed(2)} to what it makes of the same image)`,
    );
}

const rejection = (what: string) =>
  new SemblanceError(
    'invalid_arguments',
    `The old server's vectors ${what}; leave out --keep-vectors, or set SEMBLANCE_MODEL to its model`,
  );

const cosine = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/**
 * A reader that takes the vectors of remembered images from the old server and runs the model for all others.
 * Vectors are requested one by one when they are needed, so that memory holds ids alone.
 */
export function keepVectors(reader: ImageReader, gallery: Pick<OldGallery, 'vectorOf'>) {
  const idsBySha1 = new Map<string, string>();
  return {
    remember({ id, sha1 }: { readonly id: string; readonly sha1: string }): void {
      idsBySha1.set(sha1, id);
    },
    reader: {
      ...reader,
      async describe(bytes, options) {
        const id = idsBySha1.get(sha1Hex(bytes));
        const vector = id === undefined ? null : await gallery.vectorOf(id);
        return reader.describe(bytes, vector ? { ...options, embedding: vector } : options);
      },
    } satisfies ImageReader,
  };
}
