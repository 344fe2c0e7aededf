import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { z } from 'zod';
import { normalCategory } from '../catalog/categories.ts';
import { SemblanceError } from '../errors.ts';
import { browse } from '../search/browse.ts';
import { findImage, type IndexedImage } from '../search/images.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';
import { type DocumentsDeps, openDocuments } from './documents.ts';

/** What is kept of an album beside its images: those of the category that it is named after. */
const albumSchema = z.object({
  version: z.literal(1).default(1),
  category: z.string(),
  /** Id of the image that stands for it; null: its latest. */
  cover: z.string().nullable().default(null),
  /** Whether it is shown on the start page. */
  pinned: z.boolean().default(false),
});
type AlbumDocument = z.infer<typeof albumSchema>;

export type Album = {
  readonly category: string;
  readonly count: number;
  readonly pinned: boolean;
  readonly cover: IndexedImage | null;
};

export type Albums = ReturnType<typeof openAlbums>;

/** Albums in one response; a collection with more has its other categories as filters. */
const MOST_ALBUMS = 1_000;
const COVERS_AT_ONCE = 8;

/** Categories as albums. */
export function openAlbums({ index, ...deps }: DocumentsDeps & { readonly index: VectorIndex }) {
  const documents = openDocuments(deps, 'albums/', albumSchema);

  async function coverOf(category: string, chosen: string | null): Promise<IndexedImage | null> {
    const image = chosen === null ? null : await findImage(index, chosen);
    if (image?.payload.categories?.includes(category)) return image;
    const { images } = await browse(index, {
      filters: { categories: [category] },
      orderBy: 'taken_at',
      count: 1,
    });
    return images[0] ?? null;
  }

  return {
    /** Pinned ones first, then those with most images. */
    async list(): Promise<Album[]> {
      const [facets, kept] = await Promise.all([
        index.facet({ key: 'categories', limit: MOST_ALBUMS }),
        documents.list(),
      ]);
      const byCategory = new Map(kept.map(document => [document.category, document]));
      const limit = pLimit(COVERS_AT_ONCE);
      const albums = await Promise.all(
        facets.map(({ value, count }) =>
          limit(async () => {
            const category = String(value);
            const { pinned = false, cover = null } = byCategory.get(category) ?? {};
            return { category, count, pinned, cover: await coverOf(category, cover) };
          }),
        ),
      );
      return albums.sort((a, b) => Number(b.pinned) - Number(a.pinned));
    },
    /** @throws invalid_request for a cover that is not in the album */
    async change(category: string, change: Partial<Pick<AlbumDocument, 'cover' | 'pinned'>>): Promise<void> {
      const name = normalCategory(category);
      const id = createHash('sha256').update(name).digest('hex');
      if (change.cover) {
        const image = await findImage(index, change.cover);
        if (!image?.payload.categories?.includes(name))
          throw new SemblanceError('invalid_request', `${change.cover} is not in ${name}`);
      }
      const before = (await documents.read(id)) ?? albumSchema.parse({ category: name });
      await documents.write(id, { ...before, ...change });
    },
  };
}
