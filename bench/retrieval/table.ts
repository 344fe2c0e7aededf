import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const here = import.meta.dirname;
const galleryFolder = join(here, '../../gallery');

const gallerySchema = z.object({
  images: z.array(
    z.object({
      /** Below gallery/. */
      file: z.string(),
      kind: z.enum(['single', 'pair', 'group', 'words']),
      /** Names of what is on it. */
      subjects: z.array(z.string()),
      words: z.array(z.string()).optional(),
      languages: z.array(z.string()).optional(),
    }),
  ),
});
export type GalleryImage = z.infer<typeof gallerySchema>['images'][number];

const row = { query: z.string(), language: z.enum(['en', 'zh']), find: z.array(z.string()).min(1) };
const queriesSchema = z.object({
  queries: z.array(z.object({ ...row, kind: z.enum(['single', 'looser', 'pair']) })),
});
const wordsSchema = z.object({
  queries: z.array(z.object({ ...row, kind: z.enum(['exact', 'paraphrase', 'cross-language']) })),
});

/** A search, and whether an image is a right answer to it. */
export type Query = {
  readonly text: string;
  readonly language: 'en' | 'zh';
  readonly kind: string;
  /** @param sha1 of the image's bytes */
  readonly isRight: (sha1: string) => boolean;
  /** How many of the gallery's images are. */
  readonly right: number;
};

/** What is on each image of the demo gallery. */
export function readGallery(): readonly GalleryImage[] {
  return gallerySchema.parse(readJson('gallery.json')).images;
}

/** Searches by what images show. */
export function readQueries(): readonly Query[] {
  return queriesOf(queriesSchema.parse(readJson('queries.json')).queries);
}

/** Searches by what images show; `find` are names of subjects. */
export function queriesOf(queries: z.infer<typeof queriesSchema>['queries']): readonly Query[] {
  const shows = {
    single: (image: GalleryImage, find: readonly string[]) => find.some(it => image.subjects.includes(it)),
    looser: (image: GalleryImage, find: readonly string[]) => find.some(it => image.subjects.includes(it)),
    pair: (image: GalleryImage, find: readonly string[]) => find.every(it => image.subjects.includes(it)),
  };
  return withResponses(queries, (image, { kind, find }) => shows[kind](image, find));
}

/** Searches by the words in images; `find` are files. */
export function readWordQueries(): readonly Query[] {
  const { queries } = wordsSchema.parse(readJson('words.json'));
  return withResponses(queries, (image, { find }) => find.includes(image.file));
}

function withResponses<Row extends { query: string; language: 'en' | 'zh'; kind: string }>(
  rows: readonly Row[],
  isRight: (image: GalleryImage, row: Row) => boolean,
): readonly Query[] {
  const images = readGallery().map(image => ({ image, sha1: sha1Of(image.file) }));
  return rows.map(row => {
    const right = new Set(images.filter(({ image }) => isRight(image, row)).map(({ sha1 }) => sha1));
    if (right.size === 0) throw new Error(`No image of the gallery is right for '${row.query}'`);
    const { query: text, language, kind } = row;
    return { text, language, kind, isRight: sha1 => right.has(sha1), right: right.size };
  });
}

function sha1Of(file: string): string {
  return createHash('sha1')
    .update(readFileSync(join(galleryFolder, file)))
    .digest('hex');
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(here, name), 'utf8'));
}
