import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const here = import.meta.dirname;
const galleryFolder = join(here, '../../gallery');

const gallerySchema = z.object({
  pictures: z.array(
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
export type GalleryPicture = z.infer<typeof gallerySchema>['pictures'][number];

const row = { query: z.string(), language: z.enum(['en', 'zh']), find: z.array(z.string()).min(1) };
const queriesSchema = z.object({
  queries: z.array(z.object({ ...row, kind: z.enum(['single', 'looser', 'pair']) })),
});
const wordsSchema = z.object({
  queries: z.array(z.object({ ...row, kind: z.enum(['exact', 'paraphrase', 'cross-language']) })),
});

/** A search, and whether a picture is a right answer to it. */
export type Query = {
  readonly text: string;
  readonly language: 'en' | 'zh';
  readonly kind: string;
  /** @param sha1 of the picture's bytes */
  readonly isRight: (sha1: string) => boolean;
  /** How many of the gallery's pictures are. */
  readonly right: number;
};

/** What is on each picture of the demo gallery. */
export function readGallery(): readonly GalleryPicture[] {
  return gallerySchema.parse(readJson('gallery.json')).pictures;
}

/** Searches by what pictures show. */
export function readQueries(): readonly Query[] {
  const { queries } = queriesSchema.parse(readJson('queries.json'));
  const shows = {
    single: (picture: GalleryPicture, find: readonly string[]) =>
      find.some(it => picture.subjects.includes(it)),
    looser: (picture: GalleryPicture, find: readonly string[]) =>
      find.some(it => picture.subjects.includes(it)),
    pair: (picture: GalleryPicture, find: readonly string[]) =>
      find.every(it => picture.subjects.includes(it)),
  };
  return withAnswers(queries, (picture, { kind, find }) => shows[kind](picture, find));
}

/** Searches by the words in pictures; `find` are files. */
export function readWordQueries(): readonly Query[] {
  const { queries } = wordsSchema.parse(readJson('words.json'));
  return withAnswers(queries, (picture, { find }) => find.includes(picture.file));
}

function withAnswers<Row extends { query: string; language: 'en' | 'zh'; kind: string }>(
  rows: readonly Row[],
  isRight: (picture: GalleryPicture, row: Row) => boolean,
): readonly Query[] {
  const pictures = readGallery().map(picture => ({ picture, sha1: sha1Of(picture.file) }));
  return rows.map(row => {
    const right = new Set(pictures.filter(({ picture }) => isRight(picture, row)).map(({ sha1 }) => sha1));
    if (right.size === 0) throw new Error(`No picture of the gallery is right for '${row.query}'`);
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
