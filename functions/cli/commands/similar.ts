import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { VISION } from '../../../shared/catalog/collection.ts';
import { imageIdSchema } from '../../../shared/catalog/ids.ts';
import { SemblanceError } from '../../../shared/errors.ts';
import type { Criterion } from '../../../shared/search/rankings.ts';
import { search } from '../../../shared/search/search.ts';
import { type Gallery, type GalleryOptions, withGallery, withGalleryOptions } from '../gallery.ts';
import { printHits } from '../hits.ts';
import { readImage } from './search.ts';

const HELP = `
Examples:
  npm run semblance -- similar ~/Pictures/2024/cat.jpg
  npm run semblance -- similar 6e0fad1a-b4ef-46fc-bb89-9011818a812c --count 5`;

type SimilarOptions = GalleryOptions & { readonly count: string };

export const addSimilar = (program: Command): void => {
  withGalleryOptions(program.command('similar'))
    .description('find images like one: a file, indexed or not, or an id')
    .argument('<image>', 'a file, or the id of an indexed image')
    .option('--count <number>', 'how many, 1 to 100', '10')
    .addHelpText('after', HELP)
    .action(async (image: string, options: SimilarOptions) => {
      const count = Number(options.count);
      if (!Number.isInteger(count) || count < 1 || count > 100) {
        throw new SemblanceError(
          'invalid_arguments',
          `--count ${options.count} is not a number from 1 to 100`,
        );
      }
      await withGallery(options, async gallery => {
        const found = await search(await gallery.search(), {
          fusion: 'ranks',
          rankings: [{ basis: VISION, mode: 'average', criteria: [await criterionOf(gallery, image)] }],
          filters: {},
          count,
          skip: 0,
        });
        await printHits(gallery, found.hits, options.json);
      });
    });
};

/** An indexed image by its id, so that it is left out itself; any other file by its bytes. */
async function criterionOf({ idOfFile, index }: Gallery, image: string): Promise<Criterion> {
  const isFile = (await stat(image).catch(() => null))?.isFile() ?? false;
  if (isFile) {
    const id = idOfFile(image);
    const isIndexed = id !== null && (await index.retrieve([id], { payload: false })).length > 0;
    return isIndexed ? { id } : { image: await readImage(image) };
  }
  const id = imageIdSchema.safeParse(image);
  if (id.success) return { id: id.data };
  throw new SemblanceError('invalid_arguments', `${image} is neither a file nor an id`);
}
