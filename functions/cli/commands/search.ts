import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { SemblanceError } from '../../../shared/errors.ts';
import { noticeText } from '../../../shared/search/notices.ts';
import { measureFits, search } from '../../../shared/search/search.ts';
import { queryBodySchema, searchRequestOf } from '../../search/query-body.ts';
import { type GalleryOptions, withGallery, withGalleryOptions } from '../gallery.ts';
import { printHits } from '../hits.ts';

const HELP = `
The syntax of --words: "in quotes" exactly this sequence, -without that word, *part* of a word, the rest ranks.

Examples:
  npm run semblance -- search "two dogs in the snow"
  npm run semblance -- search 狗 --count 3
  npm run semblance -- search "at night" --image ~/Desktop/street.jpg
  npm run semblance -- search --words '"happy new year" -2025'
  npm run semblance -- search beach --not people --starred --json
  npm run semblance -- search beach --stage production`;

type SearchOptions = GalleryOptions & {
  readonly words?: string;
  readonly image?: string;
  readonly not?: string[];
  readonly starred?: boolean;
  readonly categories?: string;
  readonly count: string;
  readonly skip: string;
};

export const addSearch = (program: Command): void => {
  withGalleryOptions(program.command('search'))
    .description('find images by text, by an image, by words in them, or by all of these')
    .argument('[text...]', 'what they show')
    .option('--words <words>', 'words in the image')
    .option('--image <file>', 'like this image')
    .option('--not <text...>', 'unlike this')
    .option('--starred', 'starred images only')
    .option('--categories <list>', 'in any of these categories, separated by commas')
    .option('--count <number>', 'how many, 1 to 100', '10')
    .option('--skip <number>', 'how many of the best to leave out', '0')
    .addHelpText('after', HELP)
    .action(async (text: string[], options: SearchOptions) => {
      const { image, words, not = [] } = options;
      const body = queryBodySchema.safeParse({
        criteria: [
          ...(text.length > 0 ? [{ text: text.join(' ') }] : []),
          ...(image === undefined ? [] : [{ file: 0 }]),
          ...not.map(unwanted => ({ text: unwanted, weight: -1 })),
        ],
        ...(words === undefined ? {} : { words }),
        filter: {
          ...(options.starred ? { starred: true } : {}),
          ...(options.categories === undefined ? {} : { categories: options.categories }),
        },
        count: options.count,
        skip: options.skip,
      });
      if (!body.success) {
        const [issue] = body.error.issues;
        const field = issue?.path.join('.') ?? '';
        throw new SemblanceError(
          field === 'criteria' ? 'empty_query' : 'invalid_arguments',
          field === 'criteria' ? 'There is nothing to search for' : `${field}: ${issue?.message}`,
        );
      }
      const files = image === undefined ? [] : [await readImage(image)];
      await withGallery(options, async gallery => {
        const ports = await gallery.search();
        const request = searchRequestOf(body.data, files);
        // The only search of this process: nothing that is measured beside it would serve a later one.
        await measureFits(
          ports,
          request.rankings.map(({ basis }) => basis),
        );
        const found = await search(ports, request);
        await printHits(gallery, found.hits, options.json, noticeText(found.notices));
      });
    });
};

export async function readImage(file: string): Promise<Uint8Array> {
  return readFile(file).catch(cause => {
    throw new SemblanceError('invalid_arguments', `${file} can't be read`, { cause });
  });
}
