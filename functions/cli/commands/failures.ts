import type { Command } from 'commander';
import { withAdvice } from '../../local/failure.ts';
import { type GalleryOptions, withGallery, withGalleryOptions } from '../gallery.ts';
import { response } from '../session.ts';

const HELP = `
Examples:
  npm run semblance -- failures
  npm run semblance -- failures --stage production
  npm run semblance -- failures retry
  npm run semblance -- failures retry 6e0fad1a-b4ef-46fc-bb89-9011818a812c`;

export const addFailures = (program: Command): void => {
  const command = withGalleryOptions(program.command('failures'))
    .description('list the images that could not be indexed, and why')
    .addHelpText('after', HELP)
    .action(async (options: GalleryOptions) => {
      await withGallery(options, async ({ library }) => {
        const { failures } = await library.failures({ count: Number.POSITIVE_INFINITY });
        const text = failures
          .map(failure => `${failure.key}\n  ${failure.code}: ${withAdvice(failure)}`)
          .join('\n');
        response(options.json, failures, text === '' ? 'Every image could be indexed.' : text);
      });
    });
  withGalleryOptions(command.command('retry'))
    .description('try them again, and what the queue had given up')
    .argument('[id...]', 'only these')
    .action(async (ids: string[], options: GalleryOptions) => {
      // Options before and after `retry` mean the same.
      const given = { ...command.opts<GalleryOptions>(), ...options };
      await withGallery(given, async ({ library, settle }) => {
        const retried = await library.retry(ids.length > 0 ? ids : undefined);
        const settled = retried > 0 ? await settle() : { failed: 0 };
        const outcome = settled ? `${settled.failed} failed again` : 'the stage works on them now';
        response(given.json, { retried, ...settled }, `${retried} tried again, ${outcome}.`);
      });
    });
};
