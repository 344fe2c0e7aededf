import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { SemblanceError } from '../../../shared/errors.ts';
import { idOfKey, imageIdSchema } from '../../../shared/ids.ts';
import { VISION } from '../../../shared/indexing/payload.ts';
import type { Criterion } from '../../../shared/search/rankings.ts';
import { search } from '../../../shared/search/search.ts';
import type { Local } from '../../local/compose.ts';
import { printHits } from '../hits.ts';
import { type FolderOptions, withFolderOptions, withSession } from '../session.ts';
import { readPicture } from './search.ts';

const HELP = `
Examples:
  npm run semblance -- similar ~/Pictures/2024/cat.jpg
  npm run semblance -- similar 6e0fad1a-b4ef-46fc-bb89-9011818a812c --count 5`;

type SimilarOptions = FolderOptions & { readonly count: string };

export const addSimilar = (program: Command): void => {
  withFolderOptions(program.command('similar'))
    .description('find pictures like one: a file, indexed or not, or an id')
    .argument('<picture>', 'a file, or the id of an indexed picture')
    .option('--count <number>', 'how many, 1 to 100', '10')
    .addHelpText('after', HELP)
    .action(async (picture: string, options: SimilarOptions) => {
      const count = Number(options.count);
      if (!Number.isInteger(count) || count < 1 || count > 100) {
        throw new SemblanceError(
          'invalid_arguments',
          `--count ${options.count} is not a number from 1 to 100`,
        );
      }
      await withSession(options, async ({ local }) => {
        const found = await search(local.search, {
          rankings: [{ basis: VISION, mode: 'average', criteria: [await criterionOf(local, picture)] }],
          filters: {},
          count,
          skip: 0,
        });
        await printHits(local, found.hits, options.json);
      });
    });
};

/** An indexed picture by its id, so that it is left out itself; any other file by its bytes. */
async function criterionOf({ data, index }: Local, picture: string): Promise<Criterion> {
  const isFile = (await stat(picture).catch(() => null))?.isFile() ?? false;
  if (isFile) {
    const key = relative(data.source, resolve(picture)).split(sep).join('/');
    const id = idOfKey(key, data.namespace);
    return (await index.retrieve([id])).length > 0 ? { id } : { picture: await readPicture(picture) };
  }
  const id = imageIdSchema.safeParse(picture);
  if (id.success) return { id: id.data };
  throw new SemblanceError('invalid_arguments', `${picture} is neither a file nor an id`);
}
