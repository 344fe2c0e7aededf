import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { VISION } from '../../../shared/catalog/collection.ts';
import { idOfKey, imageIdSchema } from '../../../shared/catalog/ids.ts';
import { SemblanceError } from '../../../shared/errors.ts';
import type { Criterion } from '../../../shared/search/rankings.ts';
import { search } from '../../../shared/search/search.ts';
import type { Local } from '../../local/compose.ts';
import { printHits } from '../hits.ts';
import { type FolderOptions, withFolderOptions, withSession } from '../session.ts';
import { readImage } from './search.ts';

const HELP = `
Examples:
  npm run semblance -- similar ~/Images/2024/cat.jpg
  npm run semblance -- similar 6e0fad1a-b4ef-46fc-bb89-9011818a812c --count 5`;

type SimilarOptions = FolderOptions & { readonly count: string };

export const addSimilar = (program: Command): void => {
  withFolderOptions(program.command('similar'))
    .description('find images like one: a file, indexed or not, or an id')
    .argument('<picture>', 'a file, or the id of an indexed image')
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
      await withSession(options, async ({ local }) => {
        const found = await search(local.search, {
          fusion: 'ranks',
          rankings: [{ basis: VISION, mode: 'average', criteria: [await criterionOf(local, image)] }],
          filters: {},
          count,
          skip: 0,
        });
        await printHits(local, found.hits, options.json);
      });
    });
};

/** An indexed image by its id, so that it is left out itself; any other file by its bytes. */
async function criterionOf({ data, index }: Local, image: string): Promise<Criterion> {
  const isFile = (await stat(image).catch(() => null))?.isFile() ?? false;
  if (isFile) {
    const key = relative(data.source, resolve(image)).split(sep).join('/');
    const id = idOfKey(key, data.namespace);
    return (await index.retrieve([id])).length > 0 ? { id } : { image: await readImage(image) };
  }
  const id = imageIdSchema.safeParse(image);
  if (id.success) return { id: id.data };
  throw new SemblanceError('invalid_arguments', `${image} is neither a file nor an id`);
}
