import { z } from 'zod';
import { hasCode, SemblanceError } from '../errors.ts';
import { connectQdrant } from '../vectors/qdrant-connection.ts';
import { isCollectionMissing, statusOf } from '../vectors/qdrant-error.ts';
import { qdrantReads } from '../vectors/qdrant-reads.ts';
import type { StoredPoint } from '../vectors/vector-index.ts';

/** The collection's name where its server is not configured with another (APP_QDRANT__COLL). */
export const OLD_COLLECTION = 'NekoImg';
/** Its vector of what an image shows: 768 components of openai/clip-vit-large-patch14 by default. */
const IMAGE_VECTOR = 'image_vector';

const POINTS_AT_ONCE = 100;

/**
 * NekoImageGallery's payload, as far as it has what can't be made again from the bytes. Servers of different
 * ages wrote different fields (app/Models/mapped_image.py, earlier img_data.py), so each may be absent.
 */
const payloadSchema = z.object({
  url: z.string().nullish(),
  thumbnail_url: z.string().nullish(),
  starred: z.boolean().nullish(),
  categories: z.array(z.string()).nullish(),
  comments: z.string().nullish(),
  local: z.boolean().nullish(),
  local_thumbnail: z.boolean().nullish(),
  /** The extension of its file, not what the file holds. */
  format: z.string().nullish(),
  /** ISO 8601, local time without a zone. */
  index_date: z.string().nullish(),
});

/** An image as the old server knows it. */
export type OldImage = {
  /** Lower-case UUID. */
  readonly id: string;
  /** Whether that server stored the file; otherwise `url` leads to it. */
  readonly local: boolean;
  readonly url: string | null;
  readonly thumbnailUrl: string | null;
  readonly localThumbnail: boolean;
  readonly starred: boolean;
  readonly categories: string[] | null;
  readonly comments: string | null;
  readonly format: string | null;
  readonly indexed: Date | null;
};

/** An old server's collection, which is only ever read. */
export type OldGallery = {
  count(): Promise<number>;
  /** Pages in ascending order of ids; points that can't be understood are named apart. */
  pages(): AsyncIterable<{
    readonly images: readonly OldImage[];
    readonly unreadable: readonly string[];
  }>;
  /** The vector of what the image shows, at unit length; null where there is none. */
  vectorOf(id: string): Promise<Float32Array | null>;
};

export type OldGalleryOptions = {
  readonly url: string;
  readonly apiKey?: string | undefined;
  readonly collection: string;
};

/** No request is sent yet; see `count` for the errors of a wrong address, key or name. */
export function openOldGallery({ url, apiKey, collection }: OldGalleryOptions): OldGallery {
  const index = qdrantReads(connectQdrant({ url, apiKey }), collection);
  return {
    /** @throws invalid_arguments where it is not there or the key is rejected, index_unavailable */
    async count() {
      try {
        return await index.count();
      } catch (error) {
        throw nameError(error, url, collection);
      }
    },
    async *pages() {
      let offset: string | undefined;
      do {
        const page = await index.scroll({ limit: POINTS_AT_ONCE, offset });
        const read = page.points.map(point => ({ id: point.id, image: imageOf(point) }));
        yield {
          images: read.flatMap(({ image }) => image ?? []),
          unreadable: read.flatMap(({ id, image }) => (image ? [] : id)),
        };
        offset = page.next ?? undefined;
      } while (offset !== undefined);
    },
    async vectorOf(id) {
      const [point] = await index.retrieve([id], { vectors: [IMAGE_VECTOR] });
      return point?.vectors[IMAGE_VECTOR] ?? null;
    },
  };
}

function imageOf({ id, payload }: StoredPoint): OldImage | null {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success || !z.uuid().safeParse(id).success) return null;
  const { url, thumbnail_url, starred, categories, comments, local, local_thumbnail, format, index_date } =
    parsed.data;
  const indexed = new Date(index_date ?? Number.NaN);
  return {
    id: id.toLowerCase(),
    // Before `local` existed, a url of the server itself meant the same (scripts/db_migrations.py).
    local: local ?? url?.startsWith('/') ?? false,
    url: url ?? null,
    thumbnailUrl: thumbnail_url ?? null,
    localThumbnail: local_thumbnail ?? false,
    starred: starred ?? false,
    categories: categories ?? null,
    comments: comments ?? null,
    format: format ?? null,
    indexed: Number.isNaN(indexed.getTime()) ? null : indexed,
  };
}

function nameError(error: unknown, url: string, collection: string): unknown {
  if (!(error instanceof SemblanceError)) return error;
  if (isCollectionMissing(error.cause))
    return new SemblanceError('invalid_arguments', `${url} has no collection ${collection}`, {
      cause: error,
    });
  if (hasCode(error, 'index_denied'))
    return new SemblanceError(
      'invalid_arguments',
      `${url} rejected the key (${statusOf(error.cause)}); --api-key-env names the variable that holds it`,
      { cause: error },
    );
  return error;
}
